"""Has llama.cpp's own converter convert the fixtures, and notes what it wrote: ../data/gguf-conversions.json.

    python record_gguf_conversions.py LLAMA.CPP [FOLDER]   # a checkout of llama.cpp; with FOLDER the files are kept there

Of each fixture that llama.cpp has the architecture of: metadata (but for the tokenizer's), and of every tensor the shape, a digest of its
float32 values, and which of the checkpoint's it was made of (or the values themselves, where it was made of none). `test/engine/support/convert-to-gguf.ts` converts the same fixtures, and is held against this.

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
    "gpt2": lambda c: {"n_ctx": c["n_positions"]},
    "gpt_neox": lambda c: {"rotary_pct": c["rope_parameters"]["partial_rotary_factor"]},
    "mpt": lambda c: {"architectures": ["MPTForCausalLM"]},
    # of several keys the multi-query form has one, whatever this one says
    "falcon": lambda c: {} if c["new_decoder_architecture"] or not c["multi_query"] else {"num_kv_heads": 1},
}


def convert(folder, out):
    config = ModelBase.load_hparams(folder, False)
    config.update(ALSO.get(config["model_type"], lambda c: {})(config))
    chosen = get_model_class(get_model_architecture(config, ModelType.TEXT))

    # the class itself is asked, so that what it does is done; only the vocabulary is left out
    chosen.set_vocab = lambda self: None
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
        tensor.name: {
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
        out = kept / f"{folder.name}.gguf"
        try:
            sources = convert(folder, out)
        except NotImplementedError as error:
            print(f"{folder.name}: {error}")
            continue
        conversions[folder.name] = noted(out, sources)
(TEST / "data" / "gguf-conversions.json").write_text(json.dumps(conversions, separators=(",", ":")) + "\n")
