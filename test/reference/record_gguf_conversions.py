"""Has llama.cpp's own converter convert the fixtures, and notes what it wrote: ../data/gguf-conversions.json.

    python record_gguf_conversions.py LLAMA.CPP [FOLDER]   # a checkout of llama.cpp; with FOLDER the files are kept there

Of each fixture that llama.cpp has the architecture of: metadata (but for the tokenizer's), and of every tensor the shape, a digest of its
float32 values (of what is stored, where that is quantized), and which of the checkpoint's it was made of (or the values themselves, where it was made of none). `test/engine/support/convert-to-gguf.ts` converts the same fixtures, and is held against this.

Needs: pip install torch transformers safetensors, and the gguf-py of that checkout. The tokenizers are not looked at: the converter knows those
of published models by checksums.
"""

import hashlib
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch

LLAMA_CPP = Path(sys.argv[1])
sys.path.insert(0, str(LLAMA_CPP))
sys.path.insert(1, str(LLAMA_CPP / "gguf-py"))

import gguf  # noqa: E402
from conversion import ModelBase, ModelType, get_model_architecture, get_model_class  # noqa: E402
from conversion.base import TextModel  # noqa: E402

TEST = Path(__file__).parent.parent
# What today's transformers does not write, and the converter asks for: published configurations have it.
ALSO = {
    "cohere2": lambda c: {"rotary_pct": 1},
    "deepseek_v3": lambda c: {"scoring_func": "sigmoid"},
    "gemma4_text": lambda c: {"global_head_dim": c["head_dim"]},
    "gpt2": lambda c: {"n_ctx": c["n_positions"]},
    "gpt_neox": lambda c: {"rotary_pct": c["rope_parameters"]["partial_rotary_factor"]},
    "minimax_m2": lambda c: {"scoring_func": "sigmoid", "rotary_dim": int(c["rope_parameters"]["partial_rotary_factor"] * c["head_dim"])},
    "mpt": lambda c: {"architectures": ["MPTForCausalLM"]},
    # as many pairs as turn: it takes those of the published models, where there are none
    **{
        kind: lambda c: {"rope_parameters": {**c["rope_parameters"], "mrope_section": [1, 1, 0]}}
        for kind in ("qwen3_5_text", "qwen3_5_moe_text")
    },
    # of several keys the multi-query form has one, whatever this one says
    "falcon": lambda c: {} if c["new_decoder_architecture"] or not c["multi_query"] else {"num_kv_heads": 1},
}
# What llama.cpp's architecture lacks of these, though it has the architecture: the converter stops there.
UNKNOWN = {"qwen3_moe": "layers without experts (mlp_only_layers)"}


def convert(folder, out):
    config = ModelBase.load_hparams(folder, False)
    config.update(ALSO.get(config["model_type"], lambda c: {})(config))
    chosen = get_model_class(get_model_architecture(config, ModelType.TEXT))

    # the class itself is asked, so that what it does is done; only the vocabulary is left out
    chosen.set_vocab = lambda self: None
    chosen.no_mtp = True  # what predicts further tokens is in none of the fixtures, though some configurations speak of it
    with torch.inference_mode():
        model = chosen(folder, gguf.LlamaFileType.ALL_F32, out, eager=True, hparams=config)
        inner = getattr(model, "impl", model)
        type(inner).set_vocab = lambda self: None
        sources = {}
        modify_tensors = inner.modify_tensors

        def watched(data, name, block):
            for new_name, new_data in modify_tensors(data, name, block):
                sources[new_name] = name
                yield new_name, new_data

        inner.modify_tensors = watched
        model.write()
        return sources


def noted(path, sources):
    reader = gguf.GGUFReader(path)
    metadata = {
        key: field.contents()
        for key, field in reader.fields.items()
        if not key.startswith(("GGUF.", "tokenizer.", "general.")) or key == "general.architecture"
    }
    tensors = {
        tensor.name: repacked(tensor)
        if tensor.tensor_type == gguf.GGMLQuantizationType.MXFP4
        else {
            "shape": [int(size) for size in reversed(tensor.shape)],
            "digest": hashlib.sha256(np.ascontiguousarray(tensor.data, dtype="<f4").tobytes()).hexdigest()[:16],
            **(
                {"values": [float(value) for value in tensor.data]}
                if sources[tensor.name] == tensor.name
                else {"from": sources[tensor.name]}
            ),
        }
        for tensor in reader.tensors
    }
    return {"metadata": metadata, "tensors": tensors}


def repacked(tensor):
    """Of a tensor that was quantized and stays so: the digest is of what is stored. gpt-oss' experts alone are."""
    _, block, matrix, _ = tensor.name.split(".")
    hub = "down_proj" if "down" in matrix else "gate_up_proj"
    return {
        "shape": [int(size) for size in reversed(tensor.shape)],
        "type": "MXFP4",
        "digest": hashlib.sha256(np.ascontiguousarray(tensor.data).tobytes()).hexdigest()[:16],
        "from": f"model.layers.{block}.mlp.experts.{hub}",
    }


def with_what_is_returned(generator):
    """StableLM's converter (of this version) returns a generator from a generator, and what it made of single heads' norms is lost."""
    rest = yield from generator
    yield from rest or ()


stablelm = get_model_class("StableLmForCausalLM")
modify_tensors = stablelm.modify_tensors
stablelm.modify_tensors = lambda self, *tensor: with_what_is_returned(modify_tensors(self, *tensor))
TextModel.get_vocab_base_pre = lambda self, tokenizer: "gpt-2"
conversions = {}
with tempfile.TemporaryDirectory() as temporary:
    kept = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(temporary)
    for folder in sorted((TEST / "fixtures").iterdir()):
        # experts in one tensor come to the files that a matrix for each comes to
        if folder.name in UNKNOWN or folder.name.endswith("-published"):
            continue
        out = kept / f"{folder.name}.gguf"
        try:
            sources = convert(folder, out)
        except NotImplementedError as error:
            print(f"{folder.name}: {error}")
            continue
        conversions[folder.name] = noted(out, sources)
(TEST / "data" / "gguf-conversions.json").write_text(json.dumps(conversions, separators=(",", ":")) + "\n")
