#!/usr/bin/env python3
"""Writes ../fixtures: tiny models of every architecture with random weights, and PyTorch's values of them (bench/reference.py).

    python make_fixtures.py                            # all of them
    python make_fixtures.py --only llama,gpt2
    python make_fixtures.py --out FOLDER --wikitext FILE

Needs: pip install torch==2.13.0 transformers==5.23.0 tokenizers==0.23.3 safetensors==0.8.0
Every weight is random, those of norms and biases too, so that one that is forgotten shows. They are saved as real Hugging Face folders, some
in the keys and names that older files have. Tokenizers are those of the fixtures that are there; with --wikitext they are trained
anew, on the first 2000 lines of WikiText-2's validation text, which is not in this repository. With the versions above models and tokenizers
come out to the byte; the values in reference.json differ in their last digits with the machine and its threads.
"""
import argparse
import json
import shutil
import sys
from pathlib import Path

import torch
import transformers as T
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

HERE = Path(__file__).resolve().parent
FIXTURES = HERE.parent / "fixtures"
sys.path.insert(0, str(HERE.parent.parent / "bench"))
from reference import load, reference  # noqa: E402

TEXTS = [
    "The river rose in the night, and by morning the lower fields were under water.",
    "def mean(values):\n    if not values:\n        raise ValueError('empty')\n    return sum(values) / len(values)\n",
    "Ana has 12 apples. She gives 5 to Ben and buys 7 more. How many apples does she have now?",
    "Le chat dort sur le canapé, près de la fenêtre ouverte.",
]
TARGETS = ["max-logit", "loss", "next-token:3", "spread", "answer:4"]

common = dict(vocab_size=512, hidden_size=64, intermediate_size=160, num_hidden_layers=6, num_attention_heads=4,
              num_key_value_heads=2, max_position_embeddings=256, tie_word_embeddings=False)
tied = {**common, "tie_word_embeddings": True}
gemma = dict(head_dim=16, query_pre_attn_scalar=16, sliding_window=8)
gpt_neox = dict(vocab_size=512, hidden_size=64, num_attention_heads=4, intermediate_size=256, max_position_embeddings=256)
F32, F16, BF16 = torch.float32, torch.float16, torch.bfloat16

# name: (configuration, type of the stored weights, kind of tokenizer, files). The order decides the weights: new ones go last.
SPECS = {
    "llama": (T.LlamaConfig(**common), F32, "byte", 1),
    "llama3-rope-tied": (T.LlamaConfig(**{**tied, "head_dim": 24, "max_position_embeddings": 512},
        rope_parameters=dict(rope_type="llama3", rope_theta=10000.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
                             original_max_position_embeddings=32)), BF16, "byte-bos", 1),
    "llama-linear": (T.LlamaConfig(**common, rope_parameters=dict(rope_type="linear", rope_theta=10000.0, factor=4.0)), F32, "byte", 1),
    "llama-yarn": (T.LlamaConfig(**common, rope_parameters=dict(rope_type="yarn", rope_theta=10000.0, factor=4.0,
        original_max_position_embeddings=64, beta_fast=32.0, beta_slow=1.0)), BF16, "byte", 1),
    "mistral": (T.MistralConfig(**common, sliding_window=8), F16, "metaspace", 2),
    "qwen2": (T.Qwen2Config(**tied), BF16, "byte", 1),
    "qwen3": (T.Qwen3Config(**common, head_dim=32), BF16, "byte", 1),
    "gpt2": (T.GPT2Config(vocab_size=512, n_embd=64, n_layer=6, n_head=4, n_positions=256), F32, "byte", 1),
    "gpt_neox": (T.GPTNeoXConfig(**gpt_neox, num_hidden_layers=6, rotary_pct=0.25, use_parallel_residual=True), F16, "byte", 1),
    "gpt_neox-sequential": (T.GPTNeoXConfig(**gpt_neox, num_hidden_layers=5, rotary_pct=1.0, use_parallel_residual=False,
        attention_bias=False), F16, "byte", 1),
    "opt": (T.OPTConfig(vocab_size=512, hidden_size=64, num_hidden_layers=6, num_attention_heads=4, ffn_dim=256,
        max_position_embeddings=256, word_embed_proj_dim=64), F16, "byte-bos", 1),
    "phi3": (T.Phi3Config(**common, pad_token_id=0), BF16, "byte", 1),
    "gemma2": (T.Gemma2Config(**tied, **gemma), BF16, "metaspace-bos", 1),
    "gemma3": (T.Gemma3TextConfig(**tied, **gemma), BF16, "metaspace-bos", 1),
    "olmo2": (T.Olmo2Config(**common), F32, "byte", 3),
    "smollm3": (T.SmolLM3Config(**tied, pad_token_id=0), BF16, "byte", 1),
}
OLDER_KEYS = {"llama3-rope-tied", "llama-linear", "qwen2", "gpt2"}


def trained(kind, wikitext):
    """byte: byte-level BPE. metaspace: SentencePiece-like BPE with byte fallback. -bos: adds <s> in front."""
    lines = Path(wikitext).read_text(encoding="utf8").splitlines()[:2000]
    special = ["<unk>", "<s>", "</s>"]
    if kind.startswith("byte"):
        tok = Tokenizer(models.BPE())
        tok.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tok.decoder = decoders.ByteLevel()
        tok.train_from_iterator(lines, trainers.BpeTrainer(vocab_size=512, special_tokens=special, show_progress=False,
                                                           initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    else:
        tok = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
        tok.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
        tok.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
        tok.train_from_iterator(lines, trainers.BpeTrainer(
            vocab_size=512, show_progress=False, special_tokens=special + [f"<0x{b:02X}>" for b in range(256)]))
    fast = T.PreTrainedTokenizerFast(tokenizer_object=tok, unk_token="<unk>", bos_token="<s>", eos_token="</s>", model_max_length=256)
    if kind.endswith("-bos"):
        fast.backend_tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    return fast


def save_tokenizer(kind, folder, wikitext):
    """Into a fixture's folder; without a text to train on that of a fixture with the same kind."""
    if wikitext:
        trained(kind, wikitext).save_pretrained(folder)
        return
    same = next(FIXTURES / name for name, spec in SPECS.items() if spec[2] == kind and (FIXTURES / name / "tokenizer.json").exists())
    for file in ("tokenizer.json", "tokenizer_config.json"):
        if (same / file).resolve() != (folder / file).resolve():
            shutil.copy(same / file, folder / file)


def randomise(model, seed):
    gen = torch.Generator().manual_seed(seed)
    for name, p in model.named_parameters():
        with torch.no_grad():
            if p.dim() == 1 and "norm" in name.lower() or "ln_" in name:
                noise = torch.randn(p.shape, generator=gen) * 0.1
                p.copy_(noise + (0 if "bias" in name or "gemma" in type(model).__name__.lower() else 1))
            elif p.dim() == 1:
                p.copy_(torch.randn(p.shape, generator=gen) * 0.1)
            else:
                scale = 0.5 if "embed" in name or "wte" in name or "wpe" in name else 1.2 / p.shape[-1] ** 0.5
                p.copy_(torch.randn(p.shape, generator=gen) * scale)


def as_on_the_hub(folder):
    """Most published folders have the older keys: rope_theta and rope_scaling, torch_dtype, GPT-2 without a prefix."""
    path = folder / "config.json"
    config = json.loads(path.read_text())
    config["torch_dtype"] = config.pop("dtype")
    rope = config.pop("rope_parameters", None)
    if rope:
        config["rope_theta"] = rope.pop("rope_theta")
        config["rope_scaling"] = rope if rope.get("rope_type") != "default" else None
    path.write_text(json.dumps(config, indent=2))
    if config["model_type"] == "gpt2":
        file = folder / "model.safetensors"
        save_file({k.removeprefix("transformer."): v for k, v in load_file(file).items()}, file, {"format": "pt"})


def make(name, index, out, wikitext):
    config, dtype, kind, files = SPECS[name]
    folder = out / name
    torch.manual_seed(0)
    config.bos_token_id, config.eos_token_id = 1, 2
    model = T.AutoModelForCausalLM.from_config(config)
    randomise(model, index)
    size = sum(p.numel() for p in model.parameters()) * dtype.itemsize
    model.to(dtype).save_pretrained(folder, max_shard_size=max(size // files + 4096, 1) if files > 1 else "5GB")
    save_tokenizer(kind, folder, wikitext)
    if name in OLDER_KEYS:
        as_on_the_hub(folder)
    model, tokenizer = load(folder)
    values = reference(model, tokenizer, TEXTS, TARGETS)
    (folder / "reference.json").write_text(json.dumps(values))
    print(name, type(model).__name__, values["scored"], flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=FIXTURES)
    parser.add_argument("--only", default="")
    parser.add_argument("--wikitext")
    args = parser.parse_args()
    only = set(filter(None, args.only.split(",")))
    for index, name in enumerate(SPECS):
        if not only or name in only:
            make(name, index, args.out, args.wikitext)
