"""Writes ../data/tokenizers/special-tokens.json: what the files beside tokenizer.json say of special tokens, and the ids that
transformers gives then. The tokenizer itself is that of ../fixtures/llama.

Needs: pip install transformers==5.23.0 tokenizers
"""

import json
import shutil
import tempfile
from pathlib import Path

from transformers import AutoTokenizer

TEST = Path(__file__).parent.parent
FIXTURE = TEST / "fixtures" / "llama"
TEXTS = [
    "<|im_start|>user\nHello<|im_end|>",
    " <|im_start|>  Hello <|im_end|> ",
    "<s>Hello</s> her <unk>er",
    "<image> HELLO <image>hello",
    "",
]
LIST = ["<|im_start|>", "<|im_end|>"]


def token(content, **flags):
    default = {"lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": True}
    return {"content": content, **default, **flags}


CASES = {
    "nothing": {},
    "additional_special_tokens": {"config": {"additional_special_tokens": LIST}},
    "extra_special_tokens, a list": {"config": {"extra_special_tokens": LIST}},
    "extra_special_tokens, names": {"config": {"extra_special_tokens": {"image_token": "<image>", "start": "<|im_start|>"}}},
    "a token of the model's own": {"config": {"image_token": "<image>"}},
    "additional tokens with flags": {
        "config": {
            "additional_special_tokens": [
                {"__type": "AddedToken", **token("<|im_start|>", rstrip=True)},
                {"__type": "AddedToken", **token("<|im_end|>", lstrip=True)},
            ]
        }
    },
    "added_tokens_decoder": {
        "config": {"added_tokens_decoder": {"512": token("<|im_end|>"), "513": token("<|im_start|>", rstrip=True)}}
    },
    "added_tokens_decoder, not in order": {
        "config": {"added_tokens_decoder": {"600": token("<image>"), "512": token("<|im_end|>")}}
    },
    "added_tokens_decoder, which says otherwise of a token": {
        "config": {"added_tokens_decoder": {"1": token("<s>", rstrip=True), "2": token("</s>", lstrip=True)}}
    },
    "a decoder of tokens that are not special": {
        "config": {
            "added_tokens_decoder": {"512": token("<|im_start|>", special=False, normalized=True)},
            "eos_token": "<|im_start|>",
        }
    },
    "a name of a token of the vocabulary": {"config": {"eos_token": "er"}},
    "a name of a new token": {"config": {"pad_token": "<image>"}},
    "special_tokens_map.json": {
        "map": {"eos_token": "<|im_end|>", "additional_special_tokens": ["<|im_start|>"], "pad_token": token("<image>")}
    },
    "special_tokens_map.json beside a decoder": {
        "config": {"added_tokens_decoder": {"512": token("<|im_end|>")}},
        "map": {"pad_token": "<image>"},
    },
    "added_tokens.json": {"added": {"<|im_start|>": 512, "<|im_end|>": 513}, "config": {"eos_token": "<|im_end|>"}},
    "added_tokens.json beside a decoder": {
        "config": {"added_tokens_decoder": {"512": token("<|im_end|>")}},
        "added": {"<image>": 513},
    },
    "split_special_tokens": {"config": {"split_special_tokens": True, "additional_special_tokens": LIST}},
    "add_bos_token": {"config": {"add_bos_token": True}},
    "add_bos_token and add_eos_token": {"config": {"add_bos_token": True, "add_eos_token": True}},
    "add_bos_token of another token": {"config": {"add_bos_token": True, "bos_token": "<image>"}},
    "add_bos_token without one": {"config": {"add_bos_token": True, "bos_token": None}},
    "neither end": {"config": {"add_bos_token": False, "add_eos_token": False}, "ends": True},
    "ends of the post-processor": {"ends": True},
    "lower case": {"lowercase": True, "config": {"additional_special_tokens": LIST, "pad_token": "<image>"}},
    "lower case, looked for in it": {
        "lowercase": True,
        "config": {"added_tokens_decoder": {"512": token("HELLO", special=False, normalized=True)}},
    },
}


def ids_of(case):
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for name, content in files_of(case).items():
            (folder / name).write_text(json.dumps(content))
        shutil.copy(FIXTURE / "config.json", folder)
        tokenizer = AutoTokenizer.from_pretrained(folder)
        return [tokenizer(text)["input_ids"] for text in TEXTS]


def files_of(case):
    """What test/engine/model/tokenizer/special-tokens.test.ts writes too."""
    tokenizer = json.loads((FIXTURE / "tokenizer.json").read_text())
    if case.get("lowercase"):
        tokenizer["normalizer"] = {"type": "Lowercase"}
    if case.get("ends"):
        single = [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}]
        tokens = {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}
        tokenizer["post_processor"] = {"type": "TemplateProcessing", "single": single, "pair": single, "special_tokens": tokens}
        tokenizer["post_processor"]["pair"] = single + [{"Sequence": {"id": "B", "type_id": 1}}]
    config = json.loads((FIXTURE / "tokenizer_config.json").read_text()) | case.get("config", {})
    files = {"tokenizer.json": tokenizer, "tokenizer_config.json": config}
    if "map" in case:
        files["special_tokens_map.json"] = case["map"]
    if "added" in case:
        files["added_tokens.json"] = case["added"]
    return files


written = [{"name": name, **case, "ids": ids_of(case)} for name, case in CASES.items()]
out = TEST / "data" / "tokenizers" / "special-tokens.json"
out.write_text(json.dumps({"texts": TEXTS, "cases": written}, indent=1) + "\n")
