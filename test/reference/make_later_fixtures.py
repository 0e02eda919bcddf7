#!/usr/bin/env python3
"""Writes those of ../fixtures that came after make_fixtures.py's, in the same form: tiny models with random weights, and PyTorch's values of them.

    python make_later_fixtures.py                      # all of them
    python make_later_fixtures.py --only cohere,falcon
    python make_later_fixtures.py --out FOLDER

Needs what make_fixtures.py needs. Tokenizers are the one of ../fixtures/llama.
"""
import argparse
import json
import shutil
import sys
from pathlib import Path

import torch
import transformers as T

HERE = Path(__file__).resolve().parent
FIXTURES = HERE.parent / "fixtures"
sys.path.insert(0, str(HERE.parent.parent / "bench"))
from reference import load, reference  # noqa: E402

TEXTS = json.loads((FIXTURES / "llama" / "reference.json").read_text())["texts"]
TARGETS = ["max-logit", "loss", "next-token:3", "spread", "answer:4"]
common = dict(vocab_size=512, hidden_size=64, intermediate_size=96, num_hidden_layers=4, num_attention_heads=4, num_key_value_heads=2,
              max_position_embeddings=256, tie_word_embeddings=False, pad_token_id=0)
vision = dict(hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2, image_size=28, patch_size=14)
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


def make(name, out):
    seed, kind, options, dtype = SPECS[name]
    folder = out / name
    torch.manual_seed(0)
    sees = "text_config" in options
    config = type(T.AutoConfig.for_model(kind))(**(options if sees else {**common, **options}))
    config.bos_token_id, config.eos_token_id = 1, 2
    model = (T.AutoModelForImageTextToText if sees else T.AutoModelForCausalLM).from_config(config)
    randomise(model, seed)
    model.to(dtype).save_pretrained(folder)
    for file in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(FIXTURES / "llama" / file, folder / file)
    model, tokenizer = load(folder)
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
