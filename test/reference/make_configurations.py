#!/usr/bin/env python3
"""What transformers makes of unusual configurations: what configurations.json holds.

    python make_configurations.py > configurations.json
    python make_configurations.py --only cohere,falcon     # those alone

Small models of every architecture with options chosen at random, written in the keys of today or of older versions, with keys left out that
have a default. Weights are a formula of a tensor's name, so that they need no file; values are those of PyTorch in float64.
"""
import argparse
import json
import random
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
import transformers
from safetensors.torch import load_file, save_file
from transformers import CONFIG_MAPPING, AutoModelForCausalLM

transformers.logging.set_verbosity_error()
fixtures = Path(__file__).parent.parent / "fixtures"
EACH, EACH_LATER, EACH_MIXTURE = 7, 3, 8
TOKENS = 40
SEED = 2
chance = random.Random(SEED)
pick = lambda *values: chance.choice(values)
maybe = lambda probability: chance.random() < probability

FIXTURE = {"gemma3_text": "gemma3", "qwen3_5_text": "qwen3_5", "qwen3_5_moe_text": "qwen3_5_moe", "gemma4_text": "gemma4"}
KINDS = "llama mistral qwen2 qwen3 gpt2 gpt_neox opt phi3 gemma2 gemma3_text olmo2 smollm3".split()
LATER = """gemma olmo olmo3 granite ministral3 starcoder2 stablelm phi cohere cohere2 glm glm4 exaone4 hunyuan_v1_dense ernie4_5 seed_oss arcee
nemotron apertus helium falcon bloom mpt gptj lfm2 qwen3_5_text qwen3_5_moe_text gemma4_text""".split()
HYBRIDS = ("lfm2", "qwen3_5_text", "qwen3_5_moe_text", "gemma4_text")
MIXTURES = "mixtral minimax_m2 qwen2_moe qwen3_moe olmoe granitemoe gpt_oss glm4_moe deepseek_v3".split()
# model_type -> where experts are in memory, one tensor [experts, ...]; and in a file; gate, up and down in a file, where each has a matrix there
EXPERTS = {kind: ("mlp", "mlp", ("gate_proj", "up_proj", "down_proj")) for kind in (*MIXTURES, "qwen3_5_moe_text")} | {
    **{kind: ("mlp", "block_sparse_moe", ("w1", "w3", "w2")) for kind in ("mixtral", "minimax_m2")},
    "granitemoe": ("block_sparse_moe", "block_sparse_moe", None),
    "gpt_oss": ("mlp", "mlp", None),
}
ACTIVATIONS = ("silu", "silu", "gelu", "gelu_pytorch_tanh", "relu", "gelu_new", "gelu_fast", "swish")
# what says what is computed: the rest of a configuration is as it is stored
LEFT_OUT = """rms_norm_eps layer_norm_eps layer_norm_epsilon hidden_act activation_function hidden_activation tie_word_embeddings attention_bias
mlp_bias sliding_window use_sliding_window max_window_layers query_pre_attn_scalar attn_logit_softcapping final_logit_softcapping
clip_qkv embedding_multiplier attention_multiplier residual_multiplier logits_scaling logit_scale norm_eps norm_epsilon
use_parallel_residual no_rope_layer_interval enable_bias do_layer_norm_before layer_norm_elementwise_affine n_inner scale_attn_weights
rope_local_base_freq rope_theta partial_rotary_factor rotary_pct rotary_emb_base
norm_topk_prob decoder_sparse_step mlp_only_layers swiglu_alpha swiglu_limit routed_scaling_factor topk_group n_group use_qk_norm rope_interleave""".split()


def rope_scaling():
    kind = pick(None, None, "linear", "yarn", "llama3")
    if kind == "linear":
        return {"rope_type": kind, "factor": pick(2.0, 4.0, 1.5)}
    if kind == "yarn":
        scaling = {"rope_type": kind, "factor": pick(4.0, 8.0), "original_max_position_embeddings": pick(16, 32, 64)}
        optional = {"beta_fast": pick(16, 64), "beta_slow": 2, "attention_factor": pick(1.3, 0.8), "truncate": False}
        return {**scaling, **{key: value for key, value in optional.items() if maybe(0.3)}}
    if kind == "llama3":
        frequencies = {"low_freq_factor": pick(1.0, 2.0), "high_freq_factor": pick(4.0, 8.0)}
        return {"rope_type": kind, "factor": pick(8.0, 32.0), **frequencies, "original_max_position_embeddings": pick(16, 64, 512)}
    return None


def layer_types(layers):
    return [pick("full_attention", "sliding_attention") for _ in range(layers)]


def options(kind):
    fixture = json.loads((fixtures / FIXTURE.get(kind, kind) / "config.json").read_text())
    layers = pick(1, 2, 3)
    key_heads = pick(1, 2)
    heads = key_heads * pick(1, 2, 3)
    size = pick(4, 8, 16)
    ids = {"bos_token_id": 0, "eos_token_id": 0, "pad_token_id": None if kind in ("smollm3", "phi3") else 0}
    common = {"vocab_size": fixture["vocab_size"] + pick(0, 3), "tie_word_embeddings": pick(True, False), **ids}
    if kind == "gpt2":
        return {
            **common, "n_embd": heads * size, "n_layer": layers, "n_head": heads, "n_positions": pick(64, 128), "n_inner": pick(None, 20, 33),
            "activation_function": pick("gelu_new", "gelu", "relu", "silu", "gelu_pytorch_tanh"), "layer_norm_epsilon": pick(1e-5, 1e-3),
            "scale_attn_weights": pick(True, True, False),
        }
    common |= {"hidden_size": heads * size, "num_hidden_layers": layers, "num_attention_heads": heads, "max_position_embeddings": pick(64, 2048)}
    if kind == "opt":
        sizes = {"ffn_dim": pick(20, 33), "word_embed_proj_dim": common["hidden_size"]}
        return {**common, **sizes, "activation_function": pick("relu", "gelu", "silu"), "enable_bias": pick(True, True, False)}
    common |= {"intermediate_size": pick(20, 33, 48)}
    if kind == "gpt_neox":
        size = pick(8, 16)
        return {
            **common, "hidden_size": heads * size, "hidden_act": pick("gelu", "gelu_new", "relu", "silu", "gelu_fast"), "rotary_pct": pick(0.25, 0.5, 1.0),
            "rotary_emb_base": pick(1000, 10000), "use_parallel_residual": pick(True, False), "attention_bias": pick(True, True, False),
            "layer_norm_eps": pick(1e-5, 1e-3),
        }
    common |= {"num_key_value_heads": key_heads, "rms_norm_eps": pick(1e-6, 1e-5, 1e-3), "rope_theta": pick(100.0, 1e4, 5e5)}
    scaling = rope_scaling()
    if scaling and kind not in ("phi3", "gemma2", "gemma3_text"):
        common["rope_scaling"] = scaling
    gemma = kind.startswith("gemma")
    common["hidden_activation" if gemma else "hidden_act"] = pick("gelu_pytorch_tanh", "gelu") if gemma else pick(*ACTIVATIONS)
    sliding = {"use_sliding_window": pick(True, True, False), "sliding_window": pick(4, 9)}
    bias = {"attention_bias": pick(True, False)}
    if kind in ("llama", "mistral") and maybe(0.5) or kind == "qwen3" or gemma:
        common["head_dim"] = pick(4, 8, 16)
    if kind == "llama":
        return {**common, **bias, "mlp_bias": pick(True, False)}
    if kind == "mistral":
        return {**common, "sliding_window": pick(None, 4, 9)}
    if kind == "phi3":
        size = {"original_max_position_embeddings": common["max_position_embeddings"]}
        return {**common, **size, "sliding_window": pick(None, 5), "partial_rotary_factor": pick(1.0, 0.5)}
    if kind == "olmo2":
        return {**common, **bias}
    if kind in ("qwen2", "qwen3"):
        own = {"max_window_layers": pick(0, 1, 9)}
        if maybe(0.3) and sliding["use_sliding_window"]:
            own["layer_types"] = layer_types(layers)
        return {**common, **sliding, **own, **(bias if kind == "qwen3" else {})}
    if kind == "smollm3":
        own = pick({}, {"no_rope_layers": [pick(0, 1) for _ in range(layers)]}, {"no_rope_layer_interval": pick(2, 3)})
        return {**common, **bias, **sliding, **own, "mlp_bias": pick(True, False)}
    common |= {**bias, "query_pre_attn_scalar": pick(4, 16, 256), "sliding_window": pick(4, 9)}
    if maybe(0.3):
        common["layer_types"] = layer_types(layers)
    if kind == "gemma2":
        return {**common, "attn_logit_softcapping": pick(None, 50.0, 5.0), "final_logit_softcapping": pick(None, 30.0, 5.0)}
    if maybe(0.4):
        common["rope_scaling"] = {"rope_type": "linear", "factor": 8.0}
    return {**common, "rope_local_base_freq": pick(1e3, 1e4), "final_logit_softcapping": pick(None, 30.0), "sliding_window_pattern": pick(2, 6)}


def later_options(kind):
    """Those of the architectures that came later: sizes of their own, and every option that they have."""
    layers, key_heads = pick(1, 2, 3), pick(1, 2)
    heads, size = key_heads * pick(1, 2, 3), pick(8, 12)
    activation = pick("silu", "gelu", "gelu_pytorch_tanh", "relu", "relu2", "quick_gelu")
    common = {"vocab_size": 512 + pick(0, 3), "tie_word_embeddings": pick(True, False), "bos_token_id": 0, "eos_token_id": 0, "pad_token_id": 0}
    if kind == "mpt":
        attention = {"clip_qkv": pick(None, 0.4), "softmax_scale": pick(None, 0.3)}
        return {**common, "d_model": heads * size, "n_heads": heads, "n_layers": layers, "max_seq_len": pick(64, 128), "attn_config": attention,
                "layer_norm_epsilon": pick(1e-5, 1e-3)}
    if kind == "bloom":
        return {**common, "hidden_size": heads * size, "n_head": heads, "n_layer": layers, "layer_norm_epsilon": pick(1e-5, 1e-3)}
    if kind == "gptj":
        return {**common, "n_embd": heads * size, "n_head": heads, "n_layer": layers, "n_positions": pick(64, 128), "rotary_dim": pick(2, 4, 8),
                "n_inner": pick(None, 33), "activation_function": activation}
    context = pick(24, 64, 128)
    common |= {"hidden_size": heads * size, "num_hidden_layers": layers, "num_attention_heads": heads, "max_position_embeddings": context}
    shares = kind in ("stablelm", "phi", "glm", "glm4", "nemotron")
    scaling = rope_scaling() or pick(None, {"rope_type": "dynamic", "factor": pick(2.0, 5.0)})
    rope = {"rope_theta": pick(100.0, 1e4, 5e5), "rope_type": "default", **(scaling or {})}
    if shares:
        rope["partial_rotary_factor"] = pick(0.25, 0.5, 1.0)
    if kind == "hunyuan_v1_dense" and maybe(0.5):
        rope = {"rope_type": "dynamic", "rope_theta": 1e4, "alpha": pick(10.0, 1000.0), "factor": 1.0}
    if kind == "ministral3":
        rope = {"rope_type": "yarn", "rope_theta": 1e4, "factor": 4.0, "original_max_position_embeddings": 16, "llama_4_scaling_beta": pick(0.1, 0.4)}
    sliding = kind in ("olmo3", "cohere2", "exaone4")
    if kind == "olmo3":
        rope = {"full_attention": rope, "sliding_attention": {"rope_type": "default", "rope_theta": pick(100.0, 1e4)}}
    common["rope_parameters"] = rope
    if kind == "falcon":
        new = pick(True, False)
        own = {"new_decoder_architecture": new, "multi_query": pick(True, False), "parallel_attn": True if new else pick(True, False)}
        # one that is no option of the old architecture changes what it computes
        number = {"num_ln_in_parallel_attn": pick(1, 2)} if new else {}
        return {**common, **own, **number, "num_kv_heads": key_heads, "bias": pick(True, False), "ffn_hidden_size": pick(None, 33), "activation": activation}
    common |= {"intermediate_size": pick(20, 33, 48), "num_key_value_heads": key_heads, "hidden_act": activation}
    if kind not in ("stablelm", "cohere2", "helium"):
        common["head_dim"] = pick(8, 12)
    if kind == "helium":
        common["head_dim"] = size
    if kind == "apertus" and maybe(0.7):
        common["hidden_act"] = "xielu"
    if sliding:
        common["sliding_window"] = pick(4, 9)
        if maybe(0.6):
            common["layer_types"] = layer_types(layers)
    flags = {
        "olmo": ["attention_bias"], "granite": ["attention_bias", "mlp_bias"], "starcoder2": ["use_bias"], "gemma": ["attention_bias"],
        "stablelm": ["use_qkv_bias", "qk_layernorm", "use_parallel_residual"], "phi": ["qk_layernorm"], "cohere": ["attention_bias", "use_qk_norm"],
        "cohere2": ["attention_bias"], "glm": ["attention_bias"], "glm4": ["attention_bias"], "hunyuan_v1_dense": ["attention_bias"],
        "ernie4_5": ["use_bias"], "seed_oss": ["attention_bias", "attention_out_bias", "mlp_bias"], "arcee": ["attention_bias", "mlp_bias"],
        "nemotron": ["attention_bias", "mlp_bias"], "apertus": ["attention_bias"], "helium": ["attention_bias", "mlp_bias"], "olmo3": ["attention_bias"],
    }
    own = {flag: pick(True, False) for flag in flags.get(kind, [])}
    if kind == "olmo":
        own["clip_qkv"] = pick(None, 0.4)
    if kind == "granite":
        own |= {"embedding_multiplier": pick(1.0, 6.0), "attention_multiplier": pick(0.3, 1.0), "residual_multiplier": pick(1.0, 0.3), "logits_scaling": pick(1.0, 4.0)}
    if kind.startswith("cohere"):
        own["logit_scale"] = pick(0.25, 1.5)
    if kind in ("ministral3", "starcoder2"):
        own["sliding_window"] = pick(None, 5)
    return {**common, **own}


def usual(layers):
    """-> a rope, and the sizes of those that came last."""
    key_heads = pick(1, 2)
    heads, size = key_heads * pick(1, 2, 3), pick(8, 12)
    rope = {"rope_theta": pick(100.0, 1e4, 5e5), "rope_type": "default", **(rope_scaling() or {})}
    return rope, {
        "vocab_size": 512 + pick(0, 3), "tie_word_embeddings": pick(True, False), "bos_token_id": 0, "eos_token_id": 0, "pad_token_id": 0,
        "hidden_size": heads * size, "num_hidden_layers": layers, "num_attention_heads": heads, "num_key_value_heads": key_heads,
        "max_position_embeddings": pick(24, 64, 128), "intermediate_size": pick(20, 33, 48),
    }


def hybrid_options(kind):
    """Those of architectures whose layers are of several kinds."""
    layers = pick(2, 3, 4)
    rope, common = usual(layers)
    kinds = lambda *names: [pick(*names) for _ in range(layers)]
    if kind == "lfm2":
        adjusted = {"block_auto_adjust_ff_dim": pick(True, False), "block_multiple_of": pick(8, 16), "block_ffn_dim_multiplier": pick(1.0, 1.5)}
        own = pick({"layer_types": kinds("conv", "full_attention")}, {"full_attn_idxs": [pick(0, 1)]}, {})
        return {**common, **adjusted, **own, "rope_parameters": rope, "norm_eps": pick(1e-5, 1e-3), "conv_bias": pick(True, False), "conv_L_cache": pick(1, 2, 3, 5)}
    if kind in ("qwen3_5_text", "qwen3_5_moe_text"):
        experts = {} if kind == "qwen3_5_text" else {
            "num_experts": pick(3, 4, 6), "num_experts_per_tok": pick(1, 2, 3), "moe_intermediate_size": pick(12, 20),
            "shared_expert_intermediate_size": pick(8, 24),
        }
        linear_heads = pick(1, 2, 3)
        rope["partial_rotary_factor"] = pick(0.25, 0.5, 1.0)
        own = pick({"layer_types": kinds("linear_attention", "full_attention")}, {"full_attention_interval": pick(1, 2, 3)}, {})
        return {
            **common, **own, **experts, "rope_parameters": rope, "head_dim": pick(8, 16), "rms_norm_eps": pick(1e-6, 1e-3),
            "hidden_act": pick("silu", "silu", "gelu", "relu"),
            "attention_bias": pick(True, False), "linear_conv_kernel_dim": pick(2, 3, 4), "linear_num_key_heads": linear_heads,
            "linear_num_value_heads": linear_heads * pick(1, 2, 3), "linear_key_head_dim": pick(4, 8, 12), "linear_value_head_dim": pick(4, 8, 12),
        }
    own = {"layer_types": kinds("sliding_attention", "full_attention")[:-1] + ["full_attention"]}
    shared = pick(0, 0, 1, 2)
    if shared and len(set(own["layer_types"][:layers - shared])) == len(set(own["layer_types"])):
        own["num_kv_shared_layers"] = shared
    ropes = {
        "full_attention": {"rope_type": pick("proportional", "proportional", "default"), "rope_theta": pick(1e4, 1e6)},
        "sliding_attention": {"rope_type": "default", "rope_theta": pick(100.0, 1e4)},
    }
    if ropes["full_attention"]["rope_type"] == "proportional":
        ropes["full_attention"] |= {"partial_rotary_factor": pick(0.25, 0.5, 1.0), **pick({}, {"factor": 2.0})}
    return {
        **common, **own, **pick({}, {"rope_parameters": ropes}), "head_dim": pick(8, 12), "global_head_dim": pick(8, 16), "sliding_window": pick(4, 9),
        "num_global_key_value_heads": pick(None, 1), "attention_k_eq_v": pick(True, False), "attention_bias": pick(True, False),
        "hidden_size_per_layer_input": pick(0, 6, 8), "vocab_size_per_layer_input": 520, "use_double_wide_mlp": pick(True, False),
        "rms_norm_eps": pick(1e-6, 1e-3), "hidden_activation": pick("gelu_pytorch_tanh", "gelu", "silu"), "final_logit_softcapping": pick(None, 5.0),
        "use_bidirectional_attention": pick(None, "vision"),
    }


def mixture_options(kind):
    """Those of architectures whose feed-forwards are experts."""
    layers = pick(1, 2, 3)
    rope, common = usual(layers)
    common |= {"rms_norm_eps": pick(1e-6, 1e-5, 1e-3), "hidden_act": pick("silu", "silu", "gelu", "relu", "gelu_pytorch_tanh")}
    experts = pick(2, 3, 4, 6)
    common["num_experts_per_tok"] = pick(*range(1, experts + 1))
    sliding = {"use_sliding_window": pick(True, False), "sliding_window": pick(4, 9)}
    if kind in ("glm4_moe", "minimax_m2"):
        rope["partial_rotary_factor"] = pick(0.25, 0.5, 1.0)
    if kind in ("mixtral", "qwen3_moe", "gpt_oss", "glm4_moe") and maybe(0.6) or kind == "minimax_m2":
        common["head_dim"] = pick(8, 12)
    common["rope_parameters"] = rope
    if kind == "minimax_m2":
        return {**common, "num_local_experts": experts}
    if kind == "mixtral":
        return {**common, "num_local_experts": experts, "sliding_window": pick(None, 4, 9)}
    if kind in ("qwen2_moe", "qwen3_moe"):
        own = {"moe_intermediate_size": pick(12, 20), "norm_topk_prob": pick(True, False), "decoder_sparse_step": pick(1, 1, 2), "mlp_only_layers": pick([], [], [0], [1])}
        own |= {"qkv_bias": pick(True, False), "shared_expert_intermediate_size": pick(10, 24), "max_window_layers": pick(0, 1, 9)} if kind == "qwen2_moe" else {"attention_bias": pick(True, False)}
        if kind == "qwen2_moe" and maybe(0.3) and sliding["use_sliding_window"]:
            own["layer_types"] = layer_types(layers)
        return {**common, **sliding, **own, "num_experts" if kind == "qwen2_moe" else "num_local_experts": experts}
    if kind == "olmoe":
        return {**common, "num_experts": experts, "norm_topk_prob": pick(True, False), "attention_bias": pick(True, False), "clip_qkv": pick(None, 0.4)}
    if kind == "granitemoe":
        scales = {"embedding_multiplier": pick(1.0, 6.0), "attention_multiplier": pick(0.3, 1.0), "residual_multiplier": pick(1.0, 0.3), "logits_scaling": pick(1.0, 4.0)}
        return {**common, **scales, "num_local_experts": experts, "attention_bias": pick(True, False)}
    if kind == "gpt_oss":
        if maybe(0.3):
            del common["rope_parameters"]
        own = {"swiglu_alpha": pick(1.702, 1.0), "swiglu_limit": pick(7.0, 0.5), "layer_types": layer_types(layers)} if maybe(0.6) else {}
        return {**common, **own, "num_local_experts": experts, "sliding_window": pick(4, 9), "attention_bias": pick(True, True, False)}
    groups = pick(1, 2, 3)
    experts = groups * pick(2, 3)
    kept = pick(*range(1, groups + 1))
    limits = {
        "n_routed_experts": experts, "n_group": groups, "topk_group": kept, "num_experts_per_tok": pick(*range(1, experts // groups * kept + 1)),
        "n_shared_experts": pick(1, 2), "moe_intermediate_size": pick(12, 20), "first_k_dense_replace": pick(0, 1, 1, 2), "norm_topk_prob": pick(True, False),
        "routed_scaling_factor": pick(1.0, 2.5), "attention_bias": pick(True, False),
    }
    if kind == "glm4_moe":
        return {**common, **limits, "use_qk_norm": pick(True, False)}
    if rope["rope_type"] == "yarn" and maybe(0.5):
        rope |= {"mscale": 1.0, "mscale_all_dim": pick(1.0, 0.7)}
    latent = {"q_lora_rank": pick(None, 12), "kv_lora_rank": pick(8, 12), "qk_rope_head_dim": pick(4, 8), "qk_nope_head_dim": pick(6, 8), "v_head_dim": pick(6, 12)}
    return {**common, **limits, **latent, "num_key_value_heads": common["num_attention_heads"], "rope_interleave": pick(True, False)}


def options_of(kind):
    if kind in MIXTURES:
        return mixture_options(kind)
    return (hybrid_options if kind in HYBRIDS else later_options if kind in LATER else options)(kind)


OLDER = {
    "lfm2": {"tie_word_embeddings": "tie_embedding", "intermediate_size": "block_ff_dim"},
    **{kind: {"num_local_experts": "num_experts"} for kind in ("mixtral", "minimax_m2", "qwen3_moe", "gpt_oss")},
    "olmoe": {"num_experts": "num_local_experts"},
}


def rewritten(kind, config):
    """The same in older keys, and with keys left out, whatever that then means to transformers."""
    parameters = config.get("rope_parameters")
    for key, other in OLDER.get(kind, {}).items():
        if key in config and maybe(0.3):
            config[other] = config.pop(key)
    # Gemma 4 has no older keys, and its makers' files have sizes of layers in keys of their own
    if kind == "gemma4_text" and maybe(0.5):
        own = list(config.pop("per_layer_config").values())
        config["global_head_dim"] = own[0].get("head_dim", config["head_dim"]) if own else config["head_dim"]
        config["num_global_key_value_heads"] = own[0].get("num_key_value_heads") if own else None
    if parameters and maybe(0.5) and kind != "gemma4_text":
        del config["rope_parameters"]
        full = parameters.get("full_attention", parameters)
        if "sliding_attention" in parameters:
            config["rope_local_base_freq"] = parameters["sliding_attention"]["rope_theta"]
        theta = full.pop("rope_theta")
        share = full.pop("partial_rotary_factor", None)
        config["rotary_emb_base" if kind == "gpt_neox" else "rope_theta"] = theta
        if share is not None:
            config["rotary_pct" if kind == "gpt_neox" else "partial_rotary_factor"] = share
        scaling = full.pop("rope_type", "default")
        config["rope_scaling"] = None if scaling == "default" else {pick("type", "rope_type"): scaling, **full}
    if maybe(0.5) and kind not in HYBRIDS:
        config.pop("layer_types", None)
    for key in LEFT_OUT:
        # tensors that a file lacks would be made up
        if key in ("attention_bias", "use_parallel_residual") and kind in LATER + MIXTURES:
            continue
        if key in config and maybe(0.25):
            del config[key]
    return config


def weights(name, shape, gemma):
    """Uniform in [-1, 1) by a hash of the name (FNV-1a) and the place, scaled so that signals neither grow nor die."""
    seed = 0x811C9DC5
    for byte in name.encode():
        seed = (seed ^ byte) * 0x01000193 % 2**32
    x = np.arange(np.prod(shape), dtype=np.uint32) * np.uint32(0x9E3779B1) + np.uint32(seed)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1)):
        x = (x ^ (x >> np.uint32(shift))) * np.uint32(factor)
    u = (x >> np.uint32(8)).astype(np.float64) / 2**23 - 1
    if len(shape) > 1:
        values = u * (1 if "emb" in name or "wte" in name or "wpe" in name else 1.5 / np.sqrt(shape[-1]))
    else:
        values = 0.3 * u + (1 if name.endswith(".weight") and not gemma else 0)
    return torch.from_numpy(values.astype(np.float32).reshape(shape))


def matrices(kind, name, value):
    """The matrices that a parameter of a block is in a file, by their names: those of experts are one in memory, [experts, ...]."""
    memory, stored, names = EXPERTS.get(kind, ("", "", None))
    plain = name.removesuffix(".weight")
    if memory and plain.startswith(memory + "."):
        plain = stored + plain.removeprefix(memory)
    if value.ndim == 2 and name.endswith(".weight"):
        inner = kind == "granitemoe" and plain == "block_sparse_moe.router"
        return {plain + ".layer" if inner else plain: value}
    if value.ndim != 3 or "experts" not in name:
        return {}
    fused = name.endswith("gate_up_proj")
    made = {}
    for expert, matrix in enumerate(value):
        if kind == "gpt_oss":
            made[plain.replace("experts.", f"experts.{expert}.")] = matrix.T
        elif kind == "granitemoe":
            made[f"{stored}.{'input' if fused else 'output'}_linear.{expert}"] = matrix
        elif fused:
            made |= {f"{stored}.experts.{expert}.{one}": half for one, half in zip(names, matrix.chunk(2))}
        else:
            made[f"{stored}.experts.{expert}.{names[2]}"] = matrix
    return made


def scores(kind, folder, ids, blocks, dtype):
    # grouped kernels of experts have no float64
    implementations = {"attn_implementation": "eager", **({"experts_implementation": "eager"} if kind in EXPERTS else {})}
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, **implementations).eval().to(dtype)
    logits = model(torch.tensor([ids]), use_cache=False).logits[0, -1]
    logits.max().backward()
    layers = {}
    for name, parameter in model.named_parameters():
        if not name.startswith(blocks) or parameter.ndim < 2:
            continue
        layer, _, within = name.removeprefix(blocks + ".").partition(".")
        gradient = parameter.grad if parameter.grad is not None else torch.zeros_like(parameter)
        for module, score in matrices(kind, within, (parameter * gradient).detach().abs().double()).items():
            layers.setdefault(int(layer), {})[module] = [score.sum().item(), score.pow(2).sum().sqrt().item(), score.max().item()]
    return {"value": logits.max().item(), "token": int(logits.argmax()), "layers": [layers[i] for i in sorted(layers)]}


def deviation(one, other):
    pairs = [(a, b) for l, m in zip(one["layers"], other["layers"]) for name in l for a, b in zip(l[name], m[name])]
    return max(abs(a - b) / max(abs(b), 1e-9) for a, b in pairs)


def rounded(values):
    if isinstance(values, dict):
        return {key: rounded(value) for key, value in values.items()}
    return [rounded(value) for value in values] if isinstance(values, list) else float(f"{values:.9g}") if isinstance(values, float) else values


def make(kind):
    """One configuration, or None where transformers refuses it, or its values move with rounding."""
    with tempfile.TemporaryDirectory() as folder:
        file, described = Path(folder) / "model.safetensors", Path(folder) / "config.json"
        try:
            AutoModelForCausalLM.from_config(CONFIG_MAPPING[kind](**options_of(kind))).save_pretrained(folder)
            config = rewritten(kind, json.loads(described.read_text()))
            described.write_text(json.dumps(config))
            # what a key that is left out now had made is passed over by transformers, and refused by us
            _, loading = AutoModelForCausalLM.from_pretrained(folder, output_loading_info=True)
            shapes = {name: tuple(value.shape) for name, value in load_file(file).items() if name not in loading["unexpected_keys"]}
            gemma = kind.startswith("gemma") and kind != "gemma4_text"
            save_file({name: weights(name, shape, gemma) for name, shape in shapes.items()}, file, metadata={"format": "pt"})
            ids = [chance.randrange(1, 400) for _ in range(TOKENS)]
            blocks = next(name.partition(".0.")[0] for name in shapes if ".0." in name)
            exact, single = (scores(kind, folder, ids, blocks, dtype) for dtype in (torch.float64, torch.float32))
        except (ValueError, RuntimeError, AttributeError, KeyError, TypeError, ZeroDivisionError) as error:
            print(kind, str(error).splitlines()[0][:100], file=sys.stderr)
            return None
        if deviation(single, exact) > 2e-5:
            return None
        in_first = lambda name: name.startswith(f"{blocks}.0.")
        one_block = {name.replace(".0.", ".*.", 1): shape for name, shape in shapes.items() if not name.startswith(f"{blocks}.") or in_first(name)}
        if kind in HYBRIDS or len({frozenset(modules) for modules in exact["layers"]}) > 1:
            one_block = shapes
        dropped = ("architectures", "transformers_version", "dtype", "use_cache", "attention_dropout", "initializer_range")
        return rounded({
            "fixture": FIXTURE.get(kind, kind), "config": {k: v for k, v in config.items() if k not in dropped and "drop" not in k},
            "tensors": {name: list(shape) for name, shape in one_block.items()}, "ids": ids, **exact,
        })


parser = argparse.ArgumentParser()
parser.add_argument("--only", default="")
only = set(filter(None, parser.parse_args().only.split(",")))
made = []
for kind in [kind for kind in KINDS + LATER + MIXTURES if not only or kind in only]:
    of_kind = []
    while len(of_kind) < (EACH_LATER if kind in LATER else EACH_MIXTURE if kind in MIXTURES else EACH):
        one = make(kind)
        if one:
            of_kind.append(one)
    made += of_kind
print("[\n" + ",\n".join(json.dumps(one, separators=(",", ":")) for one in made) + "\n]")
