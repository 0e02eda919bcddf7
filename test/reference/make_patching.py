#!/usr/bin/env python3
"""Activation patching in PyTorch, every cell run from the start: what patching.json holds.

    python make_patching.py > patching.json

Prompt B is run with, at one layer and position, A's value of the residual stream behind the block, of what attention adds to it, or of what
the feed-forward part adds. Values are logit(A's answer) - logit(B's answer) at the last position; answers are the likeliest tokens.
"""
import json
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

here = Path(__file__).parent
fixtures = here.parent / "fixtures"
# blocks, attention and feed-forward of each architecture
PLACES = {
    "llama": ("model.layers", "self_attn", "mlp"),
    "gpt2": ("transformer.h", "attn", "mlp"),
    "gpt_neox": ("gpt_neox.layers", "attention", "mlp"),
}
PROMPTS = [("The cat sat on the mat", "The dog ran on the mat"), ("one two three four", "one six three nine"), ("abc def", "abd deg")]


def first(value):
    return value[0] if isinstance(value, tuple) else value


def replaced(value, new):
    return (new, *value[1:]) if isinstance(value, tuple) else new


def run(model, ids, module=None, hook=None):
    handle = module.register_forward_hook(hook) if module is not None else None
    with torch.no_grad():
        logits = model(ids[None]).logits[0, -1].double()
    if handle:
        handle.remove()
    return logits


out = {}
for name, (blocks, attention, feed_forward) in PLACES.items():
    tokenizer = AutoTokenizer.from_pretrained(fixtures / name)
    model = AutoModelForCausalLM.from_pretrained(fixtures / name, dtype=torch.float32).eval()
    for a, b in PROMPTS:
        ids = [tokenizer(text, return_tensors="pt").input_ids[0] for text in (a, b)]
        own = [run(model, i) for i in ids]
        answers = [int(logits.argmax()) for logits in own]
        if len(ids[0]) == len(ids[1]) and answers[0] != answers[1]:
            break
    else:
        raise SystemExit(f"{name}: no prompts of equal length with different answers")
    difference = lambda logits: float(logits[answers[0]] - logits[answers[1]])
    layers = model.get_submodule(blocks)
    sites = {"residual": lambda l: l, "attention": lambda l: getattr(l, attention), "mlp": lambda l: getattr(l, feed_forward)}
    grids = {}
    for site, of in sites.items():
        grid = []
        for layer in layers:
            kept = []
            run(model, ids[0], of(layer), lambda m, i, o: kept.append(first(o).clone()))
            row = []
            for t in range(len(ids[0])):
                def patch(m, i, o, t=t):
                    new = first(o).clone()
                    new[:, t] = kept[0][:, t]
                    return replaced(o, new)
                row.append(difference(run(model, ids[1], of(layer), patch)))
            grid.append(row)
        grids[site] = grid
    out[name] = {"a": a, "b": b, "answers": answers, "values": [difference(own[0]), difference(own[1])], "grids": grids}
print(json.dumps(out))
