#!/usr/bin/env python3
"""Which of two keys of one meaning counts to transformers: what key-pairs.json holds.

    python make_key_pairs.py > key-pairs.json

Small models of every architecture whose configuration says one thing in several keys: each key alone, each pair with values that differ and
in both orders, each beside null, and odd types. What comes of it is PyTorch's logit and scores in float64, or the error with which
transformers refuses the file. Weights are those of make_configurations.py: a formula of a tensor's name. A group whose keys alone all give
the same would tell nothing; its name goes to stderr.
"""
import itertools
import json
import logging
import os
import re
import sys
import tempfile
import warnings
from functools import partial
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
import numpy as np
import torch
import transformers
from safetensors.torch import load_file, save_file
from transformers import AutoConfig, AutoModelForCausalLM

torch.set_num_threads(1)
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
transformers.logging.set_verbosity(100)
transformers.logging.disable_progress_bar()
fixtures = Path(__file__).parent.parent / "fixtures"
FIXTURE = {"gemma3_text": "gemma3"}
ROPED = "llama mistral qwen2 qwen3 gemma2 olmo2 smollm3".split()
IDS = [(7 * i * i + 3 * i + 5) % 61 + 1 for i in range(40)]
GONE = object()


def base(kind):
    fixture = json.loads((fixtures / FIXTURE.get(kind, kind) / "config.json").read_text())
    common = {"model_type": kind, "vocab_size": fixture["vocab_size"], "bos_token_id": 0, "eos_token_id": 0, "pad_token_id": 0}
    if kind == "gpt2":
        return {**common, "n_embd": 16, "n_layer": 2, "n_head": 2, "n_positions": 64}
    common |= {"hidden_size": 16, "num_hidden_layers": 3, "num_attention_heads": 2, "max_position_embeddings": 64}
    if kind == "opt":
        return {**common, "ffn_dim": 20}
    common |= {"intermediate_size": 20}
    if kind == "gpt_neox":
        return {**common, "hidden_size": 32}
    common |= {"num_key_value_heads": 1, "tie_word_embeddings": False}
    if kind == "smollm3":
        return {**common, "no_rope_layer_interval": 2}
    if kind in ("qwen3", "gemma2", "gemma3_text"):
        common |= {"head_dim": 8}
    if kind.startswith("gemma"):
        common |= {"query_pre_attn_scalar": 8, "sliding_window": 9}
    return {**common, "sliding_window": 9} if kind == "mistral" else common


# --- how keys are varied -------------------------------------------------------------------------------------------------------------------


def keys(*entries):
    """A nested object from (dotted path, value), in their order."""
    made = {}
    for path, value in entries:
        inside = made
        *outer, last = path.split(".")
        for key in outer:
            inside = inside.setdefault(key, {})
        inside[last] = value
    return made


def text(entries):
    return json.dumps(keys(*entries))[1:-1]


def pairs(*alternatives, always=(), without=(), nulls=True, orders=True):
    """Cases of keys of one meaning, `alternatives` being (path, value): alone, in pairs (in both orders), all, and with null."""
    for entry in alternatives:
        yield [*always, entry], without
    for one, other in itertools.permutations(alternatives, 2) if orders else itertools.combinations(alternatives, 2):
        yield [*always, one, other], without
        if nulls:
            yield [*always, one, (other[0], None)], without
    if len(alternatives) > 2:
        yield [*always, *alternatives], without
        yield [*always, *reversed(alternatives)], without
    if nulls:
        for path, _ in alternatives:
            yield [*always, (path, None)], without


def one_of(path, *values, always=(), without=()):
    """One key with each of several values."""
    for value in values:
        yield [*always, (path, value)], without


YARN = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 16}
LLAMA3 = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0}
LINEAR = {"rope_type": "linear", "factor": 2.0}
LONG = {"rope_type": "longrope", "short_factor": [1.0] * 4, "long_factor": [3.0] * 4}


def rope_groups(kind):
    """What all with one rope read alike (`convert_rope_params_to_dict`, `standardize_rope_params`): of LLaMA all of it, of others the half."""
    both = ("rope_parameters", "rope_scaling")
    group = partial(pairs, orders=kind == "llama")
    yield "settings", group(("rope_parameters", {**LINEAR, "rope_theta": 100.0}), ("rope_scaling", {"rope_type": "linear", "factor": 8.0}))
    yield "settings of another type", group(("rope_parameters", {"rope_type": "default", "rope_theta": 100.0}), ("rope_scaling", YARN))
    yield "settings, default wins", group(("rope_parameters", YARN), ("rope_scaling", {"rope_type": "default"}), always=[("rope_theta", 500.0)])
    yield "settings that are empty", group(("rope_parameters", {}), ("rope_scaling", {}), always=[("rope_theta", 500.0)])
    yield "settings, one empty", [([(a, {}), (b, LINEAR)], ()) for a, b in itertools.permutations(both)]
    yield "settings, older type", group(("rope_parameters", {"type": "linear", "factor": 4.0}), ("rope_scaling", {"type": "yarn", **{k: v for k, v in YARN.items() if k != "rope_type"}}))
    yield "settings of no kind", [([(where, value)], ()) for where in both for value in (3, "yarn", [], False)]
    yield "theta", group(("rope_theta", 100.0), ("rope_parameters.rope_theta", 1000.0))
    yield "theta beside type", group(("rope_theta", 100.0), ("rope_parameters.rope_theta", 1000.0), always=[("rope_parameters.rope_type", "default")])
    yield "theta in scaling", group(("rope_theta", 100.0), ("rope_scaling.rope_theta", 1000.0), always=[("rope_scaling.rope_type", "linear"), ("rope_scaling.factor", 2.0)])
    yield "theta in both", group(("rope_parameters.rope_theta", 100.0), ("rope_scaling.rope_theta", 1000.0), ("rope_theta", 300.0))
    yield "theta under other names", group(("rope_theta", 100.0), ("rotary_emb_base", 1000.0), ("rope_local_base_freq", 3000.0), nulls=False)
    for where in both:
        yield f"type in {where}", group((f"{where}.rope_type", "linear"), (f"{where}.type", "default"), always=[(f"{where}.factor", 2.0)])
        yield f"type in {where}, default", group((f"{where}.rope_type", "default"), (f"{where}.type", "linear"), always=[(f"{where}.factor", 2.0)])
    for where, (name, scaling) in itertools.product(both, (("yarn", YARN), ("llama3", LLAMA3))):
        # a theta at which the ramp moves with the context
        always = [("rope_theta", 20.0), *((f"{where}.{key}", value) for key, value in scaling.items() if key != "original_max_position_embeddings")]
        inside = (f"{where}.original_max_position_embeddings", 16)
        outside = ("original_max_position_embeddings", 40)
        yield f"original context of {name} in {where}", group(inside, outside, always=always)
        yield f"original context of {name} in {where}, and context", group(inside, outside, ("max_position_embeddings", 50), always=always, nulls=False)
        yield f"original context of {name} in {where}, left out", [(always, ())]
    yield "original context of both", [([("rope_parameters", {**YARN, "original_max_position_embeddings": 8}), ("rope_scaling", {**YARN, "original_max_position_embeddings": 32})], ())]
    yield "a share of each head", group(("partial_rotary_factor", 0.5), ("rope_parameters.partial_rotary_factor", 0.25), ("rotary_pct", 0.75))
    yield "a share of each head that is all", group(("partial_rotary_factor", 1.0), ("rope_parameters.partial_rotary_factor", 1))
    yield "a share of each scaled head", group(("partial_rotary_factor", 0.5), ("rope_scaling.partial_rotary_factor", 1.0), always=[("rope_scaling.rope_type", "linear"), ("rope_scaling.factor", 2.0)])
    yield "settings of layer types", group(
        ("rope_parameters.full_attention", {"rope_type": "linear", "factor": 4.0, "rope_theta": 100.0}), ("rope_parameters.rope_theta", 500.0))
    yield "settings of layer types, listed", group(
        ("rope_parameters.full_attention", {"rope_type": "linear", "factor": 4.0, "rope_theta": 100.0}), ("rope_parameters.rope_theta", 500.0),
        always=[("layer_types", ["full_attention"] * 3)], nulls=False)
    yield "theta of odd type", one_of("rope_theta", 1000, "1000", True, 0, -5.0)
    if kind != "llama":
        return
    yield "types", [([("rope_scaling", {"rope_type": name, "factor": 2.0})], ()) for name in ("dynamic", "proportional", "su", "none", "mrope")]
    wide = [("rope_theta", 100.0), ("head_dim", 32)]
    for path, values in {
        "factor": (2.0, None, "2", 0, -1.0), "attention_factor": (0.5, None, 0, "1"), "beta_fast": (16, None, 0, "8"), "beta_slow": (2, None, 0),
        "truncate": (False, None, True, 0, 1), "mscale": (0.7, None), "mscale_all_dim": (0.7, None), "original_max_position_embeddings": (16.0, None, 0, "16"),
    }.items():
        always = [*wide, *((f"rope_scaling.{key}", value) for key, value in YARN.items() if key != path)]
        yield f"yarn's {path}", one_of(f"rope_scaling.{path}", *values, always=always)
        yield f"yarn's {path} outside", one_of(path, values[0], always=always) if path != "original_max_position_embeddings" else []
    yield "yarn's mscales", [([*wide, ("rope_scaling", {**YARN, "mscale": 0.7, "mscale_all_dim": 1.5})], ()), ([*wide, ("rope_scaling", {**YARN, "mscale": 0.7, "mscale_all_dim": 1.5, "attention_factor": 2.0})], ())]
    llama3 = {**LLAMA3, "original_max_position_embeddings": 16}
    for path, values in {"low_freq_factor": (2.0, None, GONE), "high_freq_factor": (8.0, None, GONE), "factor": (3.0, None, GONE)}.items():
        always = [(f"rope_scaling.{key}", value) for key, value in llama3.items() if key != path]
        yield f"llama3's {path}", [([*always, *([] if value is GONE else [(f"rope_scaling.{path}", value)])], ()) for value in values]
    yield "linear's factor", one_of("rope_scaling.factor", 2, None, "2", 0.5, always=[("rope_scaling.rope_type", "linear")])
    yield "linear's factor left out", [([("rope_scaling", {"rope_type": "linear"}), ("factor", 2.0)], ())]


def gemma3_groups():
    group = pairs
    full, slide = "rope_parameters.full_attention", "rope_parameters.sliding_attention"
    layers = [("layer_types", ["full_attention", "sliding_attention", "full_attention"])]
    yield "settings", group((full, {**LINEAR, "rope_theta": 100.0}), ("rope_scaling", {"rope_type": "linear", "factor": 8.0}), always=layers)
    yield "settings beside both", group((full, {"rope_type": "default", "rope_theta": 100.0}), (slide, {"rope_type": "linear", "factor": 3.0}), ("rope_scaling", {"rope_type": "linear", "factor": 8.0}), always=layers)
    yield "flat settings", group(("rope_parameters", {**LINEAR, "rope_theta": 100.0}), ("rope_scaling", {"rope_type": "linear", "factor": 8.0}), always=layers)
    yield "flat beside nested", group((full, {**LINEAR, "rope_theta": 100.0}), ("rope_parameters.rope_theta", 777.0), ("rope_parameters.rope_type", "default"), always=layers)
    yield "empty settings", group(("rope_parameters", {}), ("rope_scaling", {}), always=[*layers, ("rope_theta", 500.0)])
    yield "settings of no kind", [([*layers, (where, value)], ()) for where in ("rope_parameters", "rope_scaling") for value in (3, "yarn", [], False)]
    yield "nested scaling", group(("rope_scaling.full_attention", LINEAR), ("rope_scaling.rope_theta", 100.0), always=layers)
    yield "type", group(("rope_scaling.rope_type", "linear"), ("rope_scaling.type", "default"), always=[*layers, ("rope_scaling.factor", 4.0)])
    yield "older type", [([*layers, ("rope_scaling", {"type": "linear", "factor": 4.0})], ())]
    yield "type in layer's settings", group((f"{full}.rope_type", "linear"), (f"{full}.type", "default"), always=[*layers, (f"{full}.factor", 4.0)])
    yield "older type in layer's settings", [([*layers, (full, {"type": "linear", "factor": 4.0}), (slide, {"type": "linear", "factor": 2.0})], ())]
    yield "theta", group(("rope_theta", 100.0), (f"{full}.rope_theta", 1000.0), ("rope_scaling.rope_theta", 300.0), always=layers)
    yield "theta beside another's", group(("rope_theta", 100.0), (f"{slide}.rope_theta", 1000.0), always=layers)
    yield "local theta", group(("rope_local_base_freq", 100.0), (f"{slide}.rope_theta", 1000.0), always=layers)
    yield "local theta beside another's", group(("rope_local_base_freq", 100.0), (f"{full}.rope_theta", 1000.0), always=layers)
    yield "local theta and flat", group(("rope_local_base_freq", 100.0), ("rope_parameters.rope_theta", 1000.0), ("rope_theta", 300.0), always=layers)
    for where, name, scaling in ((full, "yarn", YARN), ("rope_scaling", "yarn", YARN), (full, "llama3", LLAMA3), ("rope_scaling", "llama3", LLAMA3), (slide, "yarn", YARN)):
        always = [*layers, (f"{where}.rope_theta", 20.0), *((f"{where}.{key}", value) for key, value in scaling.items() if key != "original_max_position_embeddings")]
        yield f"original context of {name} in {where}", group((f"{where}.original_max_position_embeddings", 16), ("original_max_position_embeddings", 40), always=always)
    always = [*layers, ("head_dim", 32), (f"{full}.rope_theta", 100.0), *((f"{full}.{key}", value) for key, value in YARN.items())]
    yield "yarn's truncate", group((f"{full}.truncate", False), ("rope_parameters.truncate", True), always=always)
    yield "yarn's truncate outside", group((f"{full}.truncate", True), ("rope_parameters.truncate", False), always=always)
    yield "a share of each head", group(("partial_rotary_factor", 0.5), (f"{full}.partial_rotary_factor", 0.25), always=layers)
    yield "a share of each scaled head", group(("partial_rotary_factor", 0.5), (f"{full}.partial_rotary_factor", 1.0), always=[*layers, (f"{full}.rope_type", "linear"), (f"{full}.factor", 2.0)])
    every = [("num_hidden_layers", 4)]
    yield "pattern", group(("sliding_window_pattern", 2), ("_sliding_window_pattern", 3), always=every)
    yield "pattern beside layer types", group(("sliding_window_pattern", 2), ("layer_types", ["full_attention", "full_attention", "sliding_attention", "sliding_attention"]), always=every)
    yield "pattern of odd type", one_of("sliding_window_pattern", "2", 1, 0)
    yield "window", group(("sliding_window", 5), ("layer_types", ["full_attention"] * 3), ("use_sliding_window", False))
    yield "bidirectional", one_of("use_bidirectional_attention", False, None)
    yield "soft-capped attention", one_of("attn_logit_softcapping", None, 30.0)


def size_groups(kind):
    group = partial(pairs, orders=kind in ("llama", "gemma3_text", "smollm3"))
    every = [("num_key_value_heads", 1), ("num_key_value_heads", 2), ("num_key_value_heads", None)]
    yield "key heads", [([one], ()) for one in every]
    yield "key heads left out", [([], ("num_key_value_heads",))]
    yield "key heads left out, as many heads as the default", [([("num_attention_heads", 8), ("hidden_size", 64)], ("num_key_value_heads",)), ([("num_attention_heads", 32), ("hidden_size", 256)], ("num_key_value_heads",))]
    yield "key heads under other names", group(("num_key_value_heads", 2), ("n_kv_heads", 1), ("multi_query", True), without=("num_key_value_heads",), nulls=False)
    yield "head size", one_of("head_dim", 4, 8, 16, None)
    yield "head size left out", [([], ("head_dim",))]
    yield "head size under other names", group(("head_dim", 16), ("attention_head_size", 4), ("kv_channels", 4), without=("head_dim",), nulls=False)
    yield "heads under other names", group(("num_attention_heads", 2), ("n_head", 4), ("n_heads", 4), nulls=False)
    yield "width under other names", group(("hidden_size", 16), ("n_embd", 32), ("d_model", 32), nulls=False)
    yield "layers under other names", group(("num_hidden_layers", 2), ("n_layer", 1), ("n_layers", 1), nulls=False)
    yield "context under other names", group(("max_position_embeddings", 64), ("n_positions", 48), ("n_ctx", 48), ("max_sequence_length", 48), nulls=False)
    yield "norm's epsilon", group(("rms_norm_eps", 0.01), ("layer_norm_eps", 0.3), ("norm_eps", 0.5), ("layer_norm_epsilon", 0.7))
    yield "activation", group(("hidden_act", "relu"), ("hidden_activation", "gelu_pytorch_tanh"), ("activation_function", "silu"))
    for name in ("gelu", "gelu_fast", "gelu_new", "swish", "silu", "relu", "gelu_python", "quick_gelu", "linear"):
        yield "activations", one_of("hidden_activation" if kind.startswith("gemma") else "hidden_act", name)
    yield "biases", group(("attention_bias", True), ("qkv_bias", False), ("mlp_bias", True), ("use_bias", True))
    yield "biases under other names", [([(name, True)], ()) for name in ("qkv_bias", "attn_bias", "bias", "use_bias", "use_qkv_bias", "no_bias")]
    yield "windows", group(("sliding_window", 5), ("use_sliding_window", True), ("max_window_layers", 1))
    yield "windows, switched off", group(("sliding_window", 5), ("use_sliding_window", False), ("max_window_layers", 1))
    yield "windows under other names", group(("sliding_window", 5), ("attention_window_size", 3), ("sliding_window_size", 3), nulls=False)
    yield "windows beside layer types", group(("sliding_window", 5), ("layer_types", ["full_attention", "sliding_attention", "full_attention"]))
    switched = [("use_sliding_window", True), ("sliding_window", 5)]
    yield "windows from a layer on", one_of("max_window_layers", 0, 2, 9, None, always=switched)
    yield "windows of layer types", group(("layer_types", ["full_attention", "sliding_attention", "full_attention"]), ("max_window_layers", 0), ("sliding_window_pattern", 3), always=switched)
    yield "older layer types", one_of("layer_types", ["attention", "attention", "sliding_attention"], ["attention"] * 3, ["full_attention"] * 4, ["full_attention"] * 2, ["mamba"] * 3, always=switched)
    yield "window of 0", one_of("sliding_window", 0, always=[("use_sliding_window", True), ("max_window_layers", 0)])
    yield "tied", one_of("tie_word_embeddings", True, False, None)
    yield "tied, left out", [([], ("tie_word_embeddings",))]
    yield "tied inside", [([("text_config.tie_word_embeddings", not outer), ("tie_word_embeddings", outer)], ()) for outer in (True, False)]
    yield "soft-caps", group(("final_logit_softcapping", 3.0), ("logits_soft_cap", 2.0), ("logit_scale", 2.0), nulls=False)
    yield "per layer", one_of("per_layer_config", {"1": {"num_key_value_heads": 2}}, {}, None)
    yield "mixture of experts and scales", [([(name, 2)], ()) for name in ("num_local_experts", "num_experts", "residual_multiplier", "attention_multiplier", "embedding_multiplier", "logits_scaling")]
    yield "heads that do not fit", [([("num_attention_heads", 3), ("num_key_value_heads", 3), *more], ()) for more in ([], [("head_dim", 8)])]
    yield "odd types", [
        ([entry], ()) for entry in (("hidden_size", "16"), ("hidden_size", None), ("num_hidden_layers", "3"), ("num_hidden_layers", None), ("num_hidden_layers", 0),
        ("num_attention_heads", None), ("num_attention_heads", "2"), ("num_attention_heads", True), ("num_key_value_heads", "1"), ("num_key_value_heads", 0), ("num_key_value_heads", True),
        ("intermediate_size", None), ("intermediate_size", "20"), ("vocab_size", None), ("max_position_embeddings", None), ("max_position_embeddings", "64"),
        ("rms_norm_eps", None), ("rms_norm_eps", "1e-5"), ("rms_norm_eps", 1), ("rms_norm_eps", 0), ("rms_norm_eps", True),
        ("attention_bias", 1), ("attention_bias", 0), ("attention_bias", "true"), ("attention_bias", None),
        ("mlp_bias", 1), ("mlp_bias", 0), ("mlp_bias", None), ("tie_word_embeddings", 1), ("tie_word_embeddings", 0), ("tie_word_embeddings", "true"),
        ("use_sliding_window", 1), ("use_sliding_window", 0), ("use_sliding_window", None), ("sliding_window", "5"), ("sliding_window", True),
        ("hidden_act", None), ("hidden_activation", None), ("head_dim", "8"), ("head_dim", 0), ("head_dim", 7), ("head_dim", True))]


def own_groups(kind):
    group = pairs
    if kind in ("gemma2", "gemma3_text"):
        yield "scale", one_of("query_pre_attn_scalar", 16, 16.5, None, "16", 0)
        yield "scale left out", [([], ("query_pre_attn_scalar",))]
        yield "scales", group(("query_pre_attn_scalar", 16), ("attention_multiplier", 0.3), ("scale_attn_weights", False), nulls=False)
        yield "cap of logits", one_of("final_logit_softcapping", 2.0, None, 0, 3, "2")
    if kind == "gemma2":
        yield "cap of attention", one_of("attn_logit_softcapping", 1.0, None, 0, 3, "2")
        yield "pattern", group(("sliding_window_pattern", 3), ("_sliding_window_pattern", 1), nulls=False)
        yield "bidirectional", one_of("use_bidirectional_attention", False, None)
    if kind == "mistral":
        # with layer_types transformers takes it for a Ministral, which needs head_dim
        head = [("head_dim", 8)]
        yield "layer types", group(("sliding_window", 5), ("layer_types", ["full_attention", "sliding_attention", "full_attention"]), always=head)
        yield "layer types without a sliding one", group(("sliding_window", 5), ("layer_types", ["full_attention"] * 3), ("max_window_layers", 1), always=head)
        yield "layer types, rope", group(("rope_theta", 100.0), ("rope_parameters.rope_theta", 1000.0), always=[*head, ("layer_types", ["sliding_attention"] * 3)])
        yield "layer types, key heads", [([*head, ("layer_types", None)], ("num_key_value_heads",)), ([*head, ("layer_types", None)], ("sliding_window",))]
    if kind == "smollm3":
        switched = [("use_sliding_window", True), ("sliding_window", 5)]
        for always in ((), switched):
            yield "layers without positions", group(("no_rope_layers", [0, 1, 1]), ("no_rope_layer_interval", 3), always=always, without=("no_rope_layer_interval",))
        yield "layers without positions beside types", group(("no_rope_layers", [0, 1, 1]), ("layer_types", ["full_attention", "full_attention", "sliding_attention"]), always=switched)
        yield "layers without positions, odd", one_of("no_rope_layers", [True, False, True], [1, 0], [1, 0, 1, 1], [2, 0, -1], [], ["0", 1, 1], [None, 1, 1], [1.0, 0.0, 1.0])
        yield "interval, odd", one_of("no_rope_layer_interval", 0, "2", 1)
    if kind == "phi3":
        yield "settings", group(("rope_parameters", {"rope_type": "default", "rope_theta": 100.0}), ("rope_scaling", {"rope_type": "default"}))
        yield "settings that are empty", group(("rope_parameters", {}), ("rope_scaling", {}), always=[("rope_theta", 500.0)])
        yield "settings of no kind", [([(where, value)], ()) for where in ("rope_parameters", "rope_scaling") for value in (3, [], False)]
        yield "theta", group(("rope_theta", 100.0), ("rope_parameters.rope_theta", 1000.0), ("rope_scaling.rope_theta", 300.0))
        yield "type", group(("rope_parameters.rope_type", "default"), ("rope_parameters.type", "linear"), always=[("rope_parameters.factor", 2.0)])
        yield "type in scaling", group(("rope_scaling.rope_type", "default"), ("rope_scaling.type", "default"), always=[("rope_scaling.rope_theta", 100.0)])
        yield "types", [([("rope_scaling", {key: name, **{k: v for k, v in LONG.items() if k != "rope_type"}, "factor": 2.0})], ()) for key in ("type", "rope_type") for name in ("linear", "yarn", "su", "longrope", "llama3", "dynamic")]
        yield "a share of each head", group(("partial_rotary_factor", 0.5), ("rope_parameters.partial_rotary_factor", 0.25), ("rope_scaling.partial_rotary_factor", 0.75))
        yield "a share of each head in other words", group(("partial_rotary_factor", 0.5), ("rotary_pct", 0.25), nulls=False)
        yield "a share of each head, odd", one_of("partial_rotary_factor", 0.3, 0.1, 1.5, 0, "0.5", None)
        yield "original context", one_of("original_max_position_embeddings", 16, None)
    if kind == "gpt_neox":
        inside = lambda name: f"rope_parameters.{name}"
        yield "settings", group(("rope_parameters", {**LINEAR, "rope_theta": 100.0, "partial_rotary_factor": 1.0}), ("rope_scaling", {"rope_type": "linear", "factor": 8.0}))
        yield "settings that are empty", group(("rope_parameters", {}), ("rope_scaling", {}), always=[("rotary_emb_base", 500), ("rotary_pct", 0.5)])
        yield "theta", group(("rotary_emb_base", 50), ("rope_theta", 10.0), (inside("rope_theta"), 1000.0), always=[("rotary_pct", 0.5)])
        yield "theta of scaling", group(("rotary_emb_base", 50), ("rope_theta", 10.0), ("rope_scaling.rope_theta", 1000.0), always=[("rotary_pct", 0.5), ("rope_scaling.rope_type", "linear"), ("rope_scaling.factor", 2.0)])
        yield "share", group(("rotary_pct", 0.5), ("partial_rotary_factor", 0.75), (inside("partial_rotary_factor"), 1.0))
        yield "share of scaling", group(("rotary_pct", 0.5), ("partial_rotary_factor", 0.75), ("rope_scaling.partial_rotary_factor", 1.0), always=[("rope_scaling.rope_type", "linear"), ("rope_scaling.factor", 2.0)])
        yield "share, odd", one_of("rotary_pct", 0.3, 0.1, 1.5, 0, "0.5", 1)
        for where in ("rope_parameters", "rope_scaling"):
            always = [("rotary_pct", 1.0), ("rotary_emb_base", 20), *((f"{where}.{key}", value) for key, value in YARN.items() if key != "original_max_position_embeddings")]
            yield f"original context in {where}", group((f"{where}.original_max_position_embeddings", 16), ("original_max_position_embeddings", 40), always=always)
            yield f"type in {where}", group((f"{where}.rope_type", "linear"), (f"{where}.type", "default"), always=[(f"{where}.factor", 2.0)])
        yield "head size", one_of("head_dim", 8, 16, 32, None)
        yield "head size in part", one_of("head_dim", 8, 16, 32, None, always=[("rotary_pct", 0.5)])
        yield "norm's epsilon", group(("layer_norm_eps", 0.01), ("layer_norm_epsilon", 0.3), ("rms_norm_eps", 0.5))
        yield "activation", group(("hidden_act", "relu"), ("activation_function", "silu"), ("hidden_activation", "gelu_new"))
        yield "biases", group(("attention_bias", False), ("use_bias", True), ("bias", False))
        yield "residual", one_of("use_parallel_residual", True, False, None, 0, 1, "false")
        yield "tied", one_of("tie_word_embeddings", True, False, None, 1)
        yield "odd types", [([entry], ()) for entry in (("intermediate_size", None), ("num_key_value_heads", 1), ("hidden_size", None), ("layer_norm_eps", None), ("layer_norm_eps", 1), ("attention_bias", None), ("attention_bias", 0), ("rotary_emb_base", None), ("rotary_pct", None), ("max_position_embeddings", None), ("hidden_act", None))]
        yield "inner size left out", [([], ("intermediate_size",))]
        yield "sizes under other names", group(("intermediate_size", 20), ("ffn_dim", 33), ("n_inner", 33), nulls=False)
        yield "per layer", one_of("per_layer_config", {"1": {"layer_norm_eps": 0.3}}, {})
    if kind == "gpt2":
        for own, common, one, other in (("n_embd", "hidden_size", 16, 32), ("n_layer", "num_hidden_layers", 2, 1), ("n_head", "num_attention_heads", 2, 4), ("n_positions", "max_position_embeddings", 64, 48)):
            yield f"{own} and {common}", group((own, one), (common, other), without=(own,))
        yield "context", group(("n_positions", 64), ("n_ctx", 48), ("max_position_embeddings", 50), without=("n_positions",))
        yield "all in common names", [([("hidden_size", 16), ("num_hidden_layers", 2), ("num_attention_heads", 4), ("max_position_embeddings", 64)], ("n_embd", "n_layer", "n_head", "n_positions"))]
        yield "inner size", group(("n_inner", 20), ("intermediate_size", 33), ("ffn_dim", 33))
        yield "inner size left out", [([], ())]
        yield "activation", group(("activation_function", "relu"), ("hidden_act", "silu"), ("hidden_activation", "gelu"))
        yield "norm's epsilon", group(("layer_norm_epsilon", 0.01), ("layer_norm_eps", 0.3), ("rms_norm_eps", 0.5))
        yield "scales", one_of("scale_attn_weights", True, False, None, 0, 1)
        yield "scales by layer", one_of("scale_attn_by_inverse_layer_idx", False, True, None, 0)
        yield "tied", one_of("tie_word_embeddings", True, False, None, 0)
        yield "cross attention", one_of("add_cross_attention", False, None, 0)
        yield "rope", [([("rope_scaling", LINEAR), ("rope_theta", 100.0)], ()), ([("rope_parameters", LINEAR)], ())]
        yield "odd types", [([entry], ()) for entry in (("n_embd", "16"), ("n_embd", None), ("n_inner", "20"), ("n_inner", 0), ("layer_norm_epsilon", None), ("layer_norm_epsilon", 1), ("activation_function", None), ("n_head", None), ("n_positions", None), ("num_key_value_heads", 1), ("head_dim", 4))]
        yield "per layer", one_of("per_layer_config", {"1": {"n_inner": 33}}, {})
    if kind == "opt":
        yield "inner size", group(("ffn_dim", 20), ("intermediate_size", 33), ("n_inner", 33), without=("ffn_dim",), nulls=False)
        yield "embedding", one_of("word_embed_proj_dim", 16, None, 8)
        yield "embedding's size in other words", group(("hidden_size", 16), ("word_embed_proj_dim", 16), ("embed_dim", 32), ("n_embd", 32), nulls=False)
        yield "activation", group(("activation_function", "gelu"), ("hidden_act", "silu"), ("hidden_activation", "gelu_new"))
        yield "norms in front", one_of("do_layer_norm_before", True, False, None, 1)
        yield "final norm", one_of("_remove_final_layer_norm", False, True, None, 0)
        yield "final norm in older words", one_of("remove_final_layer_norm", True)
        yield "biases", group(("enable_bias", False), ("use_bias", True), ("bias", True), ("attention_bias", True))
        yield "norms' weights", one_of("layer_norm_elementwise_affine", True, False, None)
        yield "norm's epsilon", group(("layer_norm_eps", 0.3), ("layer_norm_epsilon", 0.5), nulls=False)
        yield "tied", one_of("tie_word_embeddings", True, False, None)
        yield "heads", group(("num_attention_heads", 2), ("n_head", 4), ("decoder_attention_heads", 4), nulls=False)
        yield "context", group(("max_position_embeddings", 64), ("n_positions", 48), ("max_target_positions", 48), nulls=False)
        yield "rope", [([("rope_parameters", LINEAR)], ())]
        yield "odd types", [([entry], ()) for entry in (("ffn_dim", None), ("hidden_size", None), ("hidden_size", "16"), ("activation_function", None), ("enable_bias", None), ("enable_bias", 0), ("num_attention_heads", None), ("max_position_embeddings", None), ("num_key_value_heads", 1), ("head_dim", 4))]


# Whole numbers with a point, and keys that stand twice: what a Python object cannot say.
RAW = {
    "llama": ['"head_dim": 8.0', '"hidden_size": 16.0', '"num_hidden_layers": 3.0', '"rope_scaling": {"rope_type": "linear", "factor": 2}', '"rope_theta": 100.0, "rope_theta": 1000.0', '"rope_theta": 1e3',
        '"rope_scaling": {"rope_type": "linear", "factor": 2.0}, "rope_scaling": {"rope_type": "linear", "factor": 8.0}', '"rope_scaling": {"rope_type": "linear", "factor": 8.0, "factor": 2.0}', '"tie_word_embeddings": true, "tie_word_embeddings": false'],
    "gpt2": ['"n_embd": 32, "n_embd": 16', '"n_inner": 20.0', '"hidden_size": 32, "n_embd": 16, "hidden_size": 16'],
    "gemma3_text": ['"query_pre_attn_scalar": 8.0', '"sliding_window": 5.0'],
    "gpt_neox": ['"rotary_emb_base": 50, "rotary_emb_base": 500'],
}


def common_groups():
    yield "attention to what follows", one_of("is_causal", False, True, None, 0)
    yield "attention to what follows, in other words", [([(name, value)], ()) for name, value in (("is_decoder", False), ("is_decoder", True), ("is_encoder_decoder", True), ("causal", False), ("bidirectional", True))]
    yield "configuration inside", one_of("text_config", None)
    yield "types of stored values", pairs(("dtype", "float32"), ("torch_dtype", "float16"))
    yield "sizes of the vocabulary", pairs(("vocab_size", 512), ("unpadded_vocab_size", 100), ("padded_vocab_size", 600), nulls=False)


def groups(kind):
    yield from common_groups()
    if kind in ROPED:
        yield from rope_groups(kind)
    if kind == "gemma3_text":
        yield from gemma3_groups()
    if kind not in ("gpt2", "opt", "gpt_neox"):
        yield from size_groups(kind)
    yield from own_groups(kind)


def cases(kind):
    """Fragments of JSON text by group, each once."""
    seen = set()
    for name, variants in groups(kind):
        for entries, without in variants:
            case = (text(entries), tuple(without))
            if case not in seen:
                seen.add(case)
                yield name, *case
    for fragment in RAW.get(kind, ()):
        yield "text", fragment, ()


# --- what comes of it ----------------------------------------------------------------------------------------------------------------------


def written(settings, fragment, without):
    """The text of config.json: what a case says stands behind what its architecture's cases share."""
    own = {*json.loads("{" + fragment + "}"), *without}
    shared = json.dumps({key: value for key, value in settings.items() if key not in own})
    return shared[:-1] + (", " + fragment if fragment else "") + "}"


def weights(name, shape, gemma):
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


def scores(model, dtype, blocks):
    """The largest logit, its id, and per block the sum of |w · gradient| over its matrices."""
    model = model.eval().to(dtype)
    model.zero_grad()
    logits = model(torch.tensor([IDS]), use_cache=False).logits[0, -1]
    logits.max().backward()
    layers = {}
    for name, parameter in model.named_parameters():
        if parameter.ndim == 2 and name.startswith(blocks) and parameter.grad is not None:
            layer = int(name.removeprefix(blocks + ".").partition(".")[0])
            layers[layer] = layers.get(layer, 0) + (parameter * parameter.grad).detach().abs().double().sum().item()
    return {"token": int(logits.argmax()), "values": [logits.max().item(), *(layers[i] for i in sorted(layers))]}


def outcome(settings, fragment, without, tables):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "config.json").write_text(written(settings, fragment, without))
        try:
            model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(folder), attn_implementation="eager")
            with tempfile.TemporaryDirectory() as saved:
                # as a checkpoint names them
                model.save_pretrained(saved, save_original_format=True)
                shapes = {name: tuple(value.shape) for name, value in load_file(Path(saved) / "model.safetensors").items()}
            gemma = settings["model_type"].startswith("gemma")
            save_file({name: weights(name, shape, gemma) for name, shape in shapes.items()}, Path(folder) / "model.safetensors", metadata={"format": "pt"})
            model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")
            blocks = next(name.partition(".0.")[0] for name in dict(model.named_parameters()) if ".0." in name)
            single, exact = (scores(model, dtype, blocks) for dtype in (torch.float32, torch.float64))
        except Exception as error:
            lines = [line.strip() for line in str(error).splitlines() if line.strip()] or [""]
            return {"refused": f"{type(error).__name__}: {' '.join(lines).split('TypeError: ')[-1][:70]}"}
    if not np.isfinite(exact["values"]).all():
        return {"refused": "no numbers come of it"}
    if single["token"] != exact["token"] or not np.allclose(single["values"], exact["values"], rtol=5e-5):
        print("unstable:", settings["model_type"], fragment, single, exact, file=sys.stderr)
        return None
    layer = re.compile(r"(?<=\.layers\.)\d+|(?<=\.h\.)\d+")
    layers = {found[0] for name in shapes if (found := layer.search(name))}
    table = {"layers": len(layers), "shapes": {layer.sub("*", name): list(shape) for name, shape in shapes.items()}}
    if table not in tables:
        tables.append(table)
    return {"tensors": tables.index(table), "token": exact["token"], "values": [float(f"{value:.7g}") for value in exact["values"]]}


KINDS = "llama mistral qwen2 qwen3 gpt2 gpt_neox opt phi3 gemma2 gemma3_text olmo2 smollm3".split()
made, texts = [], {}
for kind in sys.argv[1:] or KINDS:
    tables, results, by_group = [], [], {}
    for name, fragment, without in cases(kind):
        result = outcome(base(kind), fragment, without, tables)
        if result:
            if result not in results:
                results.append(result)
            case = [texts.setdefault(fragment, len(texts)), results.index(result), *map(list, [without] if without else [])]
            by_group.setdefault(name, []).append(case)
    for name, found in by_group.items():
        if len(found) > 1 and len({case[1] for case in found}) == 1:
            print("all the same:", kind, name, results[found[0][1]], file=sys.stderr)
    found = [case for group in by_group.values() for case in group]
    print(kind, len(found), "cases,", sum("refused" in results[case[1]] for case in found), "refused", file=sys.stderr)
    made.append({"fixture": FIXTURE.get(kind, kind), "base": base(kind), "tensors": tables, "results": results, "groups": by_group})
short = lambda value: json.dumps(value, separators=(",", ":"))
lines = lambda values: "[\n" + ",\n".join(map(short, values)) + "\n]"
described = lambda one: short({key: one[key] for key in ("fixture", "base", "tensors")})[:-1] + ',"results":' + lines(one["results"])
grouped = lambda one: ',"groups":{\n' + ",\n".join(f"{short(name)}:{short(found)}" for name, found in one["groups"].items()) + "}}"
whole = ",\n".join(described(one) + grouped(one) for one in made)
print(f'{{"ids":{short(IDS)},"keys":{lines(texts)},"architectures":[\n{whole}\n]}}')
