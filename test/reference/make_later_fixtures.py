#!/usr/bin/env python3
"""Writes those of ../fixtures that came after make_fixtures.py's, in the same form: tiny models with random weights, and PyTorch's values of them.

    python make_later_fixtures.py                      # all of them
    python make_later_fixtures.py --only cohere,falcon
    python make_later_fixtures.py --out FOLDER

Needs what make_fixtures.py needs. Tokenizers are the one of ../fixtures/llama.
"""
import argparse
import json
import re
import shutil
import sys
import tempfile
from pathlib import Path

import torch
import transformers as T
from safetensors.torch import load_file, save_file
from transformers.integrations.mxfp4 import _convert_moe_packed_tensors

HERE = Path(__file__).resolve().parent
FIXTURES = HERE.parent / "fixtures"
sys.path.insert(0, str(HERE.parent.parent / "bench"))
from reference import load, reference  # noqa: E402

TEXTS = json.loads((FIXTURES / "llama" / "reference.json").read_text())["texts"]
TARGETS = ["max-logit", "loss", "next-token:3", "spread", "answer:4"]
common = dict(vocab_size=512, hidden_size=64, intermediate_size=96, num_hidden_layers=4, num_attention_heads=4, num_key_value_heads=2,
              max_position_embeddings=256, tie_word_embeddings=False, pad_token_id=0)
vision = dict(hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2, image_size=28, patch_size=14)
two = dict(num_experts_per_tok=2)
qwen_vision = dict(hidden_size=16, intermediate_size=16, depth=1, num_heads=2, out_hidden_size=64)
F32, F16, BF16 = torch.float32, torch.float16, torch.bfloat16

# name: (seed of its weights, model_type, options, type of the stored weights)
SPECS = {
    "gemma": (7, "gemma", dict(head_dim=16, tie_word_embeddings=True), BF16),
    "olmo": (8, "olmo", dict(clip_qkv=0.5), F32),
    "olmo3": (9, "olmo3", dict(sliding_window=8), BF16),
    "granite": (10, "granite", dict(embedding_multiplier=6.0, attention_multiplier=0.2, residual_multiplier=0.4, logits_scaling=3.0), BF16),
    "ministral3": (11, "ministral3", dict(head_dim=16), BF16),
    "starcoder2": (12, "starcoder2", dict(sliding_window=8, use_bias=True), F32),
    "stablelm": (13, "stablelm", dict(use_qkv_bias=True, partial_rotary_factor=0.25), F16),
    "stablelm-parallel": (14, "stablelm", dict(use_parallel_residual=True, qk_layernorm=True, partial_rotary_factor=0.5), F16),
    "phi": (15, "phi", dict(partial_rotary_factor=0.5, qk_layernorm=False), F16),
    "phi3-longrope": (16, "phi3", dict(max_position_embeddings=256, original_max_position_embeddings=32, rope_parameters=dict(rope_type="longrope",
        rope_theta=10000.0, short_factor=[1 + 0.1 * i for i in range(8)], long_factor=[2 + 0.3 * i for i in range(8)], original_max_position_embeddings=32)), BF16),
    "llama-dynamic": (17, "llama", dict(max_position_embeddings=32, rope_parameters=dict(rope_type="dynamic", rope_theta=10000.0, factor=2.0)), BF16),
    "cohere": (18, "cohere", dict(use_qk_norm=True, logit_scale=0.25, tie_word_embeddings=True), F16),
    "cohere2": (19, "cohere2", dict(sliding_window=8, logit_scale=0.25, tie_word_embeddings=True), F16),
    "glm": (20, "glm", dict(head_dim=16, attention_bias=True), BF16),
    "glm4": (21, "glm4", dict(head_dim=16, attention_bias=True), BF16),
    "exaone4": (22, "exaone4", dict(sliding_window=8), BF16),
    "hunyuan_v1_dense": (23, "hunyuan_v1_dense", dict(head_dim=16), BF16),
    "ernie4_5": (24, "ernie4_5", dict(head_dim=16, use_bias=False), BF16),
    "seed_oss": (25, "seed_oss", dict(head_dim=16, attention_bias=True), BF16),
    "arcee": (26, "arcee", {}, BF16),
    "nemotron": (27, "nemotron", dict(partial_rotary_factor=0.5), BF16),
    "apertus": (28, "apertus", {}, BF16),
    "helium": (29, "helium", dict(head_dim=16), BF16),
    "falcon": (30, "falcon", dict(new_decoder_architecture=True, num_kv_heads=2, parallel_attn=True, bias=False, alibi=False, ffn_hidden_size=256), BF16),
    "falcon-7b-like": (31, "falcon", dict(new_decoder_architecture=False, multi_query=True, parallel_attn=True, bias=False, alibi=False, ffn_hidden_size=256), BF16),
    "bloom": (32, "bloom", {}, F16),
    "mpt": (33, "mpt", dict(d_model=64, n_heads=4, n_layers=4, max_seq_len=256), BF16),
    "gptj": (34, "gptj", dict(n_embd=64, n_layer=4, n_head=4, n_positions=256, rotary_dim=8), F16),
    "opt-norms-behind": (35, "opt", dict(do_layer_norm_before=False, ffn_dim=256, word_embed_proj_dim=32), F16),
    "gemma3-multimodal": (46, "gemma3", dict(text_config=dict(common, head_dim=16, query_pre_attn_scalar=16, sliding_window=8),
        vision_config=vision, mm_tokens_per_image=4), BF16),
    "mistral3-multimodal": (47, "mistral3", dict(text_config=dict(common, model_type="mistral", head_dim=16, sliding_window=None),
        vision_config=dict(model_type="pixtral", **vision)), BF16),
    "qwen2_5_vl": (48, "qwen2_5_vl", dict(text_config=dict(common, rope_parameters=dict(rope_type="default", rope_theta=10000.0, mrope_section=[2, 3, 3])),
        vision_config=qwen_vision), BF16),
    "qwen3_vl": (49, "qwen3_vl", dict(text_config=dict(common, head_dim=16, rope_parameters=dict(rope_type="default", rope_theta=10000.0, mrope_section=[4, 2, 2])),
        vision_config=dict(qwen_vision, deepstack_visual_indexes=[0])), BF16),
    "mixtral": (50, "mixtral", dict(num_local_experts=4, **two), BF16),
    "qwen2_moe": (51, "qwen2_moe", dict(num_experts=4, moe_intermediate_size=32, shared_expert_intermediate_size=48, norm_topk_prob=False, **two), BF16),
    "qwen3_moe": (52, "qwen3_moe", dict(num_experts=16, moe_intermediate_size=32, head_dim=32, norm_topk_prob=True, mlp_only_layers=[1], **two), BF16),
    "olmoe": (53, "olmoe", dict(num_experts=4, clip_qkv=1.0, **two), F32),
    "granitemoe": (54, "granitemoe", dict(num_local_experts=4, embedding_multiplier=6.0, attention_multiplier=0.2, residual_multiplier=0.4,
        logits_scaling=3.0, **two), BF16),
    "gpt_oss": (55, "gpt_oss", dict(num_local_experts=4, head_dim=16, sliding_window=8, **two), BF16),
    "glm4_moe": (56, "glm4_moe", dict(n_routed_experts=4, n_shared_experts=1, moe_intermediate_size=32, first_k_dense_replace=1, head_dim=16, n_group=2,
        topk_group=1, **two), BF16),
    "deepseek_v3": (57, "deepseek_v3", dict(n_routed_experts=8, n_group=4, topk_group=2, moe_intermediate_size=32, first_k_dense_replace=1, q_lora_rank=32,
        kv_lora_rank=16, qk_rope_head_dim=8, qk_nope_head_dim=16, v_head_dim=16, n_shared_experts=1, num_key_value_heads=4, **two), BF16),
    "lfm2": (44, "lfm2", dict(block_ff_dim=96, block_auto_adjust_ff_dim=False, layer_types=["conv", "full_attention", "conv", "full_attention"]), BF16),
    "qwen3_5": (45, "qwen3_5_text", dict(head_dim=16, layer_types=["linear_attention", "linear_attention", "linear_attention", "full_attention"],
        linear_num_value_heads=4, linear_num_key_heads=2, linear_key_head_dim=16, linear_value_head_dim=16), BF16),
    "gemma4": (46, "gemma4_text", dict(head_dim=16, global_head_dim=16, vocab_size_per_layer_input=512, hidden_size_per_layer_input=16, sliding_window=8,
        num_kv_shared_layers=0, layer_types=["sliding_attention", "sliding_attention", "sliding_attention", "full_attention"], tie_word_embeddings=True), BF16),
    "qwen3_5-multimodal": (51, "qwen3_5", dict(text_config=dict(common, head_dim=16, layer_types=["linear_attention", "full_attention"] * 2,
        linear_num_value_heads=4, linear_num_key_heads=4, linear_key_head_dim=8, linear_value_head_dim=16), vision_config=qwen_vision), BF16),
    # every option of Gemma 4 at once: sizes by kind, values that are keys, borrowed keys and values, wider feed-forwards where they are borrowed
    "gemma4-multimodal": (52, "gemma4", dict(text_config=dict(common, num_hidden_layers=6, head_dim=16, global_head_dim=32, num_global_key_value_heads=1,
        attention_k_eq_v=True, num_kv_shared_layers=2, use_double_wide_mlp=True, hidden_size_per_layer_input=16, vocab_size_per_layer_input=512,
        sliding_window=8, layer_types=["sliding_attention", "full_attention"] * 3), audio_config=None, vision_config=dict(hidden_size=16, intermediate_size=16,
        num_hidden_layers=1, num_attention_heads=2, num_key_value_heads=2, head_dim=8, position_embedding_size=64)), BF16),
    # experts as they are published
    "gpt_oss-mxfp4": (59, "gpt_oss", dict(num_local_experts=4, head_dim=16, sliding_window=8, **two), BF16),
    # the correction of DeepSeek-V3's choice, the names of Mixtral
    "minimax_m2": (60, "minimax_m2", dict(num_local_experts=4, head_dim=16, rope_parameters=dict(rope_type="default", rope_theta=10000.0,
        partial_rotary_factor=0.5), **two), BF16),
    # experts of a hybrid: a matrix for each, as transformers writes them, and all in one tensor, as they are published
    "qwen3_5_moe": (61, "qwen3_5_moe_text", dict(head_dim=16, layer_types=["linear_attention", "linear_attention", "linear_attention", "full_attention"],
        linear_num_value_heads=4, linear_num_key_heads=2, linear_key_head_dim=16, linear_value_head_dim=16, num_experts=8, moe_intermediate_size=32,
        shared_expert_intermediate_size=48, **two), BF16),
    "qwen3_5_moe-published": (62, "qwen3_5_moe_text", dict(head_dim=16, layer_types=["linear_attention", "full_attention"] * 2,
        linear_num_value_heads=4, linear_num_key_heads=4, linear_key_head_dim=8, linear_value_head_dim=16, num_experts=4, moe_intermediate_size=32,
        shared_expert_intermediate_size=32, **two), BF16),
    "qwen3_5_moe-multimodal-published": (63, "qwen3_5_moe", dict(text_config=dict(common, head_dim=16, layer_types=["linear_attention", "full_attention"] * 2,
        linear_num_value_heads=4, linear_num_key_heads=2, linear_key_head_dim=16, linear_value_head_dim=16, num_experts=4, moe_intermediate_size=32,
        shared_expert_intermediate_size=32, **two), vision_config=qwen_vision), BF16),
    # as llama.cpp has it: experts in every layer
    "qwen3_moe-every-layer": (58, "qwen3_moe", dict(num_experts=4, moe_intermediate_size=32, head_dim=16, norm_topk_prob=True, **two), BF16),
}


def randomise(model, seed):
    gen = torch.Generator().manual_seed(seed)
    name = type(model).__name__.lower()
    gemma = "gemma" in name and "4" not in name
    for name, p in model.named_parameters():
        noise = torch.randn(p.shape, generator=gen)
        with torch.no_grad():
            if p.dim() == 1 and ("norm" in name.lower() or "ln_" in name):
                p.copy_(noise * 0.1 + (0 if "bias" in name or gemma else 1))
            elif p.dim() == 1:
                p.copy_(noise * 0.1)
            elif p.dim() == 2 and "norm" in name.lower():
                p.copy_(noise * 0.1 + 1)
            else:
                p.copy_(noise * (0.5 if "embed" in name or "wte" in name or "wpe" in name else 1.2 / max(p.shape[-1], 1) ** 0.5))
    for name, buffer in model.named_buffers():
        if "correction_bias" in name:
            buffer.copy_(torch.randn(buffer.shape, generator=gen) * 0.1)


def in_mxfp4(model, seed):
    """Gives all experts random values of MXFP4, and returns how these are stored."""
    gen = torch.Generator().manual_seed(seed)
    stored = {}
    for name, p in model.named_parameters():
        if not name.endswith(("experts.gate_up_proj", "experts.down_proj")):
            continue
        experts, inputs, outputs = p.shape
        blocks = torch.randint(0, 256, (experts, outputs, inputs // 32, 16), generator=gen, dtype=torch.uint8)
        # exponents of 1/8 to 1/32
        scales = torch.randint(122, 125, (experts, outputs, inputs // 32), generator=gen, dtype=torch.uint8)
        with torch.no_grad():
            p.copy_(_convert_moe_packed_tensors(blocks, scales, dtype=torch.float32))
        stored[f"{name}_blocks"], stored[f"{name}_scales"] = blocks, scales
    return stored


def store_mxfp4(dense, folder, stored):
    """The folder of a dense model, its experts as they are stored."""
    tensors = {name: tensor for name, tensor in load_file(dense / "model.safetensors").items() if f"{name}_blocks" not in stored}
    save_file({**tensors, **stored}, folder / "model.safetensors", {"format": "pt"})
    config = json.loads((dense / "config.json").read_text())
    config["quantization_config"] = {"quant_method": "mxfp4", "modules_to_not_convert": ["model.layers.*.self_attn",
        "model.layers.*.mlp.router", "model.embed_tokens", "lm_head"]}
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    shutil.copy(dense / "generation_config.json", folder / "generation_config.json")


def store_published(dense, folder):
    """The same folder with all experts of a layer in one tensor, gate and up one behind the other."""
    tensors, experts = {}, {}
    for name, tensor in load_file(dense / "model.safetensors").items():
        found = re.fullmatch(r"(.*\.experts)\.(\d+)\.(gate|up|down)_proj\.weight", name)
        if found:
            experts.setdefault(found[1], {}).setdefault(found[3], {})[int(found[2])] = tensor
        else:
            tensors[name] = tensor
    for module, matrices in experts.items():
        stacked = {kind: torch.stack([own[e] for e in range(len(own))]) for kind, own in matrices.items()}
        tensors[f"{module}.gate_up_proj"] = torch.cat([stacked["gate"], stacked["up"]], dim=1).contiguous()
        tensors[f"{module}.down_proj"] = stacked["down"]
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})
    for file in ("config.json", "generation_config.json"):
        shutil.copy(dense / file, folder / file)


def make(name, out):
    seed, kind, options, dtype = SPECS[name]
    folder = out / name
    torch.manual_seed(0)
    sees = "text_config" in options
    config = type(T.AutoConfig.for_model(kind))(**(options if sees else {**common, **options}))
    config.bos_token_id, config.eos_token_id = 1, 2
    model = (T.AutoModelForImageTextToText if sees else T.AutoModelForCausalLM).from_config(config)
    randomise(model, seed)
    stored = in_mxfp4(model, seed) if name.endswith("-mxfp4") else {}
    is_published = name.endswith("-published")
    with tempfile.TemporaryDirectory() as temporary:
        dense = Path(temporary) if stored or is_published else folder
        model.to(dtype).save_pretrained(dense)
        folder.mkdir(exist_ok=True)
        for into in {dense, folder}:
            for file in ("tokenizer.json", "tokenizer_config.json"):
                shutil.copy(FIXTURES / "llama" / file, into / file)
        if stored:
            store_mxfp4(dense, folder, stored)
        if is_published:
            store_published(dense, folder)
        model, tokenizer = load(folder if is_published else dense)
        values = reference(model, tokenizer, TEXTS, TARGETS)
    (folder / "reference.json").write_text(json.dumps(values))
    print(name, type(model).__name__, values["scored"], flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=FIXTURES)
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    only = set(filter(None, args.only.split(",")))
    for name in SPECS:
        if not only or name in only:
            make(name, args.out)
