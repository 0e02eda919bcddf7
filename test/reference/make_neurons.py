#!/usr/bin/env python3
"""Deactivation of feed-forward neurons in PyTorch, one sample and share at a time: what neurons.json holds.

    python make_neurons.py > neurons.json

A neuron is an input of the block's last feed-forward matrix. Its attribution for a sample is |sum over positions of h * dy/dh|, y the largest
logit at the last position; its size the sum of |h| over the positions, of every block all of them. Of every block the share * n neurons with the
least, rounded down, of equal ones the first, go, at all positions: KL(dense || sparse) in nats, and whether the likeliest token stays.
"""
import json
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

here = Path(__file__).parent
fixtures = here.parent / "fixtures"
# blocks, and the last feed-forward matrix in each
PLACES = {
    "llama": ("model.layers", "mlp.down_proj"),
    "gpt2": ("transformer.h", "mlp.c_proj"),
    "gpt_neox": ("gpt_neox.layers", "mlp.dense_4h_to_h"),
    "gpt_neox-sequential": ("gpt_neox.layers", "mlp.dense_4h_to_h"),
    "gemma2": ("model.layers", "mlp.down_proj"),
    "opt": ("model.decoder.layers", "fc2"),
    "phi3": ("model.layers", "mlp.down_proj"),
    "olmo2": ("model.layers", "mlp.down_proj"),
}
SHARES = [0.05, 0.3, 0.5, 0.75, 0.95]
LENGTHS = [5, 9, 14, 20]
# samples whose neurons are kept one by one: of two texts and lengths
KEPT = [5, 15]


def logits_of(model, ids):
    return model(input_ids=ids[None], use_cache=False).logits[0, -1]


out = {}
for name, (blocks, matrix) in PLACES.items():
    tokenizer = AutoTokenizer.from_pretrained(fixtures / name)
    model = AutoModelForCausalLM.from_pretrained(fixtures / name, dtype=torch.float32, attn_implementation="eager").eval()
    texts = json.load(open(fixtures / name / "reference.json"))["texts"]
    samples = [tokenizer(text, return_tensors="pt").input_ids[0][:length] for text in texts for length in LENGTHS]
    modules = [block.get_submodule(matrix) for block in model.get_submodule(blocks)]
    entry = {"samples": [s.tolist() for s in samples], "criteria": {}}
    scores = {"attribution": [], "size": []}
    for ids in samples:
        inputs = [None] * len(modules)
        def keep(i):
            def hook(module, args):
                args[0].retain_grad()
                inputs[i] = args[0]
            return hook
        handles = [m.register_forward_pre_hook(keep(i)) for i, m in enumerate(modules)]
        logits_of(model, ids).max().backward()
        for h in handles:
            h.remove()
        # [tokens, neurons], whatever the shape that the block gives its matrix
        rows = [(h.detach().reshape(len(ids), -1), h.grad.reshape(len(ids), -1)) for h in inputs]
        # what Paramscope relies on: of the last block the other positions have no gradient
        assert not rows[-1][1][:-1].any() and rows[-1][1][-1].any()
        scores["attribution"].append([(h * g).sum(0).abs() for h, g in rows])
        scores["size"].append([h.abs().sum(0) for h, _ in rows])
        model.zero_grad()
    with torch.no_grad():
        dense = [torch.log_softmax(logits_of(model, ids).double(), -1) for ids in samples]
        for criterion, of_samples in scores.items():
            points = []
            for share in SHARES:
                kl, stays = [], []
                for ids, own, of_blocks in zip(samples, dense, of_samples):
                    def deactivate(mask):
                        return lambda module, args: (args[0] * mask, *args[1:])
                    handles = []
                    for m, score in zip(modules, of_blocks):
                        mask = torch.ones_like(score)
                        mask[torch.sort(score, stable=True)[1][: int(round(len(score) * share, 6))]] = 0
                        handles.append(m.register_forward_pre_hook(deactivate(mask)))
                    sparse = torch.log_softmax(logits_of(model, ids).double(), -1)
                    for h in handles:
                        h.remove()
                    kl.append(float((own.exp() * (own - sparse)).sum()))
                    stays.append(bool(own.argmax() == sparse.argmax()))
                points.append({"share": share, "kl": kl, "stays": stays})
            entry["criteria"][criterion] = {"points": points, "scores": {i: [s.tolist() for s in of_samples[i]] for i in KEPT}}
    out[name] = entry


def rounded(value):
    if isinstance(value, list):
        return [rounded(v) for v in value]
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return float(f"{value:.5g}") if isinstance(value, float) else value


print(json.dumps(rounded(out), separators=(",", ":")))
