#!/usr/bin/env python3
"""What comparing two models comes to, in PyTorch: what models.json holds, and data/gguf-whole/llama-yarn.gguf.

    pip install torch transformers safetensors scipy gguf
    python make_models.py > models.json

`changed`: the fixture llama against a copy that test/engine/two-models/changed-model.ts makes with the same formula (tuned layers, a pruned
one, one that is left alone). `reverse`: the copy against the fixture. `gguf`: the fixture llama-yarn against its Q4_1 file.
The effect of a change is formed from gradients themselves, without a detour over activations.
"""
import json
import subprocess
import sys
from pathlib import Path

import gguf
import torch
from scipy.stats import spearmanr

here = Path(__file__).parent
sys.path.insert(0, str(here.parent.parent / "bench"))
from reference import grouped, load, scored, similarity, target_value, top_sets  # noqa: E402

FIXTURES = here.parent / "fixtures"
GGUF = here.parent / "data" / "gguf-whole" / "llama-yarn.gguf"
TEXTS = ["The cat sat on the mat.", "one two three four five six seven", "def f(x):\n    return x + 1\n"]
SHARE = 0.1


def changed(name, tensor, number):
    """The same as in changed-model.ts. `number`: the tensor's place among all names, sorted."""
    index = torch.arange(tensor.numel(), dtype=torch.float64)
    values = tensor.double().flatten()
    if ".layers.0." in name or name == "model.embed_tokens.weight":
        return tensor
    if name == "model.norm.weight":
        values = values * 1.25
    elif tensor.dim() < 2:
        return tensor
    elif ".layers.2." in name:
        values = torch.where(index % 3 == 0, 0.0, values)
    else:
        values = values + 0.01 * (1 + number % 4) * torch.sin(0.7 * index + number)
    return values.float().reshape(tensor.shape)


def run(model, ids):
    """-> (mean |gradient|, mean activation) per scored matrix, log-probabilities of the next token per sample"""
    weights = [w for _, _, w in scored(model)]
    gradients, logs = [torch.zeros_like(w, dtype=torch.float64) for w in weights], []
    for one in ids:
        logits = model(input_ids=one[None], use_cache=False).logits[0]
        value, _ = target_value(logits, one, "max-logit")
        for total, g in zip(gradients, torch.autograd.grad(value, weights)):
            total += g.double().abs() / len(ids)
        logs.append(torch.log_softmax(logits[-1].detach().double(), -1))
    return gradients, [g * w.detach().double().abs() for g, w in zip(gradients, weights)], logs


def compared(a, b, ids):
    ga, aa, logs_a = run(a, ids)
    gb, ab, logs_b = run(b, ids)
    matrices = []
    for (_, _, w), (_, _, v), own, other, x, y in zip(scored(a), scored(b), ga, gb, aa, ab):
        w, v = w.detach().double(), v.detach().double()
        moved = (v - w).abs()
        tops = [t[0] for t in (top_sets([x], SHARE), top_sets([y], SHARE))]
        effect = float((torch.where(w == 0, other, own) * moved).sum())
        blind = float(x.sum() * moved.sum() / w.abs().sum())
        matrices.append({
            "similarity": similarity([x], [y]), "both": int((tops[0] & tops[1]).sum()), "either": int((tops[0] | tops[1]).sum()),
            "a": float(x.sum()), "b": float(y.sum()), "norm": float(w.norm()), "changeNorm": float((v - w).norm()),
            "changed": int((v != w).sum()), "zeroed": int(((v != w) & (v == 0)).sum()), "effect": effect,
            "usage": effect / blind if blind else None, "parameters": w.numel(),
        })
    relative = [m["changeNorm"] / m["norm"] for m in matrices]
    used = [m["a"] / m["parameters"] for m in matrices]
    depth = max(layer for layer, _, _ in scored(a)) + 1
    layers = [similarity([x for (l, _, _), x in zip(scored(a), aa) if l == n], [y for (l, _, _), y in zip(scored(a), ab) if l == n]) for n in range(depth)]
    own, other = dict(a.named_parameters()), dict(b.named_parameters())
    return {
        "modules": grouped(a, matrices), "similarity": layers, "rho": float(spearmanr(relative, used).statistic),
        "kl": [float((p.exp() * (p - q)).sum()) for p, q in zip(logs_a, logs_b)],
        "agrees": [bool(p.argmax() == q.argmax()) for p, q in zip(logs_a, logs_b)],
        "top": [[[int(i) for i in p.topk(5).indices] for p in logs] for logs in (logs_a, logs_b)],
        "others": {n: float((other[n] - own[n]).norm() / own[n].norm()) for n in ("model.embed_tokens.weight", "lm_head.weight", "model.norm.weight")},
    }


def quantized(name, tensor):
    if tensor.dim() < 2:
        return tensor
    kind = gguf.GGMLQuantizationType.Q4_1
    return torch.from_numpy(gguf.quants.dequantize(gguf.quants.quantize(tensor.detach().numpy(), kind), kind)).reshape(tensor.shape)


def altered(fixture, change):
    model, _ = load(FIXTURES / fixture)
    with torch.no_grad():
        for number, (name, p) in enumerate(sorted(model.named_parameters())):
            p.copy_(change(name, p, number))
    return model


GGUF.parent.mkdir(exist_ok=True)
subprocess.run([sys.executable, str(here / "make_gguf.py"), "llama-yarn", "Q4_1", str(GGUF)], check=True)
llama, tokenizer = load(FIXTURES / "llama")
ids = [tokenizer(t, return_tensors="pt").input_ids[0] for t in TEXTS]
copy = altered("llama", changed)
yarn, yarn_tokenizer = load(FIXTURES / "llama-yarn")
yarn_ids = [yarn_tokenizer(t, return_tensors="pt").input_ids[0] for t in TEXTS]
json.dump({
    "texts": TEXTS, "share": SHARE, "changed": compared(llama, copy, ids), "reverse": compared(copy, llama, ids),
    "gguf": compared(yarn, altered("llama-yarn", lambda n, t, _: quantized(n, t)), yarn_ids),
}, sys.stdout)
