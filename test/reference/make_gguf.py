"""Converts the fixtures (Hugging Face folders) to small GGUF files as llama.cpp's conversion would: ../data/gguf/*.gguf.

Needs: pip install gguf numpy torch safetensors
    python make_gguf.py                          # the files that the tests read
    python make_gguf.py FIXTURE TYPE OUT.gguf    # a whole model (TYPE: F32, F16, BF16, Q8_0, Q4_1, ...)

The committed files hold the first layer only, and the first 64 rows of embedding and head: what the tests look at is
names, row orders and values. What is converted how is taken from llama.cpp's conversion scripts.
"""

import json
import sys
from glob import glob
from pathlib import Path

import gguf
import numpy as np
import torch
from safetensors.torch import load_file

TEST = Path(__file__).parent.parent
ARCHITECTURES = {
    "llama": "llama", "mistral": "llama", "qwen2": "qwen2", "qwen3": "qwen3", "gpt2": "gpt2", "gpt_neox": "gptneox",
    "phi3": "phi3", "gemma2": "gemma2", "gemma3_text": "gemma3", "olmo2": "olmo2", "smollm3": "smollm3",
}  # fmt: skip
FILES = {
    "llama": "Q8_0", "llama3-rope-tied": "BF16", "llama-yarn": "Q4_1", "llama-linear": "Q5_1", "mistral": "F16",
    "qwen2": "Q5_0", "qwen3": "BF16", "gpt2": "Q8_0", "gpt_neox": "F16", "gpt_neox-sequential": "Q4_0",
    "phi3": "BF16", "gemma2": "Q8_0", "gemma3": "BF16", "olmo2": "Q8_0", "smollm3": "BF16",
}  # fmt: skip


def permute(weights, heads):
    """LlamaModel.permute"""
    return weights.reshape(heads, 2, weights.shape[0] // heads // 2, *weights.shape[1:]).swapaxes(1, 2).reshape(weights.shape)


def convert(fixture, kind, out, whole):
    folder = TEST / "fixtures" / fixture
    config = json.loads((folder / "config.json").read_text())
    tensors = {}
    for path in sorted(glob(str(folder / "*.safetensors"))):
        tensors.update(load_file(path))
    model_type = config["model_type"]
    name = ARCHITECTURES[model_type]
    arch = next(a for a in gguf.MODEL_ARCH if gguf.MODEL_ARCH_NAMES[a] == name)
    writer = gguf.GGUFWriter(None, name)
    writer.add_name(f"fixture {fixture}")
    layers = config.get("num_hidden_layers", config.get("n_layer"))
    heads = config.get("num_attention_heads", config.get("n_head"))
    hidden = config.get("hidden_size", config.get("n_embd"))
    key_value_heads = config.get("num_key_value_heads", heads)
    head_dim = config.get("head_dim", hidden // heads)
    rope = config.get("rope_parameters") or {"rope_theta": config.get("rope_theta"), **(config.get("rope_scaling") or {})}
    if "full_attention" in rope:
        rope = rope["full_attention"]

    writer.add_context_length(config.get("max_position_embeddings", config.get("n_positions")))
    writer.add_embedding_length(hidden)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(config.get("intermediate_size", 4 * hidden))
    writer.add_head_count(heads)
    if model_type == "gpt2":
        writer.add_layer_norm_eps(config["layer_norm_epsilon"])
    elif model_type == "gpt_neox":
        writer.add_layer_norm_eps(config["layer_norm_eps"])
        writer.add_rope_dimension_count(int(rope["partial_rotary_factor"] * head_dim))
        writer.add_parallel_residual(config["use_parallel_residual"])
    else:
        writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
        writer.add_head_count_kv(key_value_heads)
        writer.add_rope_freq_base(rope["rope_theta"])
        if "head_dim" in config:
            writer.add_key_length(head_dim)
            writer.add_value_length(head_dim)
        if name in ("llama", "phi3", "smollm3"):
            writer.add_rope_dimension_count(head_dim)
        if name in ("gemma2", "gemma3"):
            writer.add_sliding_window(config["sliding_window"])
        if name == "gemma2":
            writer.add_attn_logit_softcapping(config["attn_logit_softcapping"])
            writer.add_final_logit_softcapping(config["final_logit_softcapping"])
        if name == "phi3":
            writer.add_sliding_window(config["sliding_window"] or 0)
    if rope.get("rope_type") == "linear":
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(rope["factor"])
    if rope.get("rope_type") == "yarn":
        writer.add_rope_scaling_type(gguf.RopeScalingType.YARN)
        writer.add_rope_scaling_factor(rope["factor"])
        writer.add_rope_scaling_orig_ctx_len(rope["original_max_position_embeddings"])
    if rope.get("rope_type") == "llama3":
        writer.add_tensor("rope_freqs.weight", llama3_factors(rope, head_dim))
    add_tokenizer(writer, folder)

    names = gguf.get_tensor_name_map(arch, layers)
    for full_name, tensor in sorted(tensors.items()):
        if model_type == "gpt2" and not full_name.startswith(("transformer.", "lm_head.")):
            full_name = "transformer." + full_name
        if not whole and any(f".{layer}." in full_name for layer in range(1, layers)):
            continue
        data = tensor.float().numpy()
        if full_name.endswith(("q_proj.weight", "q_proj.bias")) and name in ("llama", "smollm3"):
            data = permute(data, heads)
        if full_name.endswith(("k_proj.weight", "k_proj.bias")) and name in ("llama", "smollm3"):
            data = permute(data, key_value_heads)
        if full_name.endswith("norm.weight") and name in ("gemma2", "gemma3"):
            data = data + 1
        if model_type == "gpt2" and full_name.endswith((".c_attn.weight", ".c_proj.weight", ".c_fc.weight")):
            data = data.T
        if "query_key_value" in full_name:
            parts = data.reshape(heads, 3, head_dim, *data.shape[1:])
            data = np.concatenate([parts[:, part].reshape(hidden, *data.shape[1:]) for part in range(3)])
        new_name = names.get_name(full_name, try_suffixes=(".weight", ".bias"))
        if not whole and new_name in ("token_embd.weight", "output.weight"):
            data = data[:64]
        data = np.ascontiguousarray(data, dtype=np.float32)
        if data.ndim == 1 or new_name == "position_embd.weight" or kind == "F32":
            writer.add_tensor(new_name, data)
        else:
            quantization = gguf.GGMLQuantizationType[kind]
            writer.add_tensor(new_name, gguf.quants.quantize(data, quantization), raw_dtype=quantization)
    writer.write_header_to_file(out)
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def llama3_factors(rope, head_dim):
    frequencies = 1.0 / (rope["rope_theta"] ** (torch.arange(0, head_dim, 2, dtype=torch.float32) / head_dim))
    context = rope["original_max_position_embeddings"]
    low, high = context / rope["low_freq_factor"], context / rope["high_freq_factor"]
    factors = []
    for frequency in frequencies:
        wavelength = 2 * torch.pi / frequency
        if wavelength < high:
            factors.append(1)
        elif wavelength > low:
            factors.append(rope["factor"])
        else:
            smooth = (context / wavelength - rope["low_freq_factor"]) / (rope["high_freq_factor"] - rope["low_freq_factor"])
            factors.append(1 / ((1 - smooth) / rope["factor"] + smooth))
    return np.array(factors, dtype=np.float32)


def add_tokenizer(writer, folder):
    tokenizer = json.loads((folder / "tokenizer.json").read_text())
    vocabulary = tokenizer["model"]["vocab"]
    tokens = [token for token, _ in sorted(vocabulary.items(), key=lambda item: item[1])]
    merges = tokenizer["model"]["merges"]
    adds_bos = any("SpecialToken" in item for item in tokenizer["post_processor"]["single"])
    types = [gguf.TokenType.NORMAL] * len(tokens)
    for added in tokenizer["added_tokens"]:
        types[added["id"]] = gguf.TokenType.CONTROL
    if tokenizer["model"].get("byte_fallback"):
        types = [gguf.TokenType.BYTE if t.startswith("<0x") else k for t, k in zip(tokens, types)]
        rank = {left + right: -i for i, (left, right) in reversed(list(enumerate(merges)))}
        writer.add_tokenizer_model("llama")
        writer.add_tokenizer_pre("default")
        writer.add_token_list(tokens)
        writer.add_token_scores([float(rank.get(token, -1000.0)) for token in tokens])
        writer.add_unk_token_id(0)
    else:
        writer.add_tokenizer_model("gpt2")
        writer.add_tokenizer_pre("gpt-2")
        writer.add_token_list(tokens)
        writer.add_token_merges([f"{left} {right}" for left, right in merges])
    writer.add_token_types(types)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_add_bos_token(adds_bos)


if len(sys.argv) == 4:
    convert(sys.argv[1], sys.argv[2], sys.argv[3], whole=True)
else:
    for one, one_kind in FILES.items():
        convert(one, one_kind, TEST / "data" / "gguf" / f"{one}.gguf", whole=False)
