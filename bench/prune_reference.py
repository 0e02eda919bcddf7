#!/usr/bin/env python3
"""Pruning as docs/design/pruning.md describes it, in PyTorch: the perplexities that the engine must reproduce.

    python prune_reference.py MODEL_DIR CALIBRATION.json EVALUATION.txt [--sparsity 0.5] [--context 256] [--windows 8]

CALIBRATION.json: {"texts": [...]}. Criteria after Wanda (github locuslab/wanda) and SparseGPT (IST-DASLab/sparsegpt):
block after block, the statistics of a block taken with the already pruned blocks before it.
"""
import argparse
import copy
import json
import math
import os
import resource
import sys
import time

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from reference import activations, active, blocks, grouped, load, scored, threshold_at

parser = argparse.ArgumentParser()
parser.add_argument("model"); parser.add_argument("calibration"); parser.add_argument("evaluation")
parser.add_argument("--sparsity", type=float, default=0.5)
parser.add_argument("--context", type=int, default=256)
parser.add_argument("--windows", type=int, default=8)
parser.add_argument("--share", type=float, default=0.1)
parser.add_argument("--strength", type=float, default=0.08)
parser.add_argument("--criteria", default="magnitude,wanda,activation,sparsegpt")
parser.add_argument("--allocations", default="uniform,activation")
args = parser.parse_args()

if args.model.endswith(".gguf"):  # dequantised when it is loaded
    folder, file = os.path.split(args.model)
    tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=file)
    model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=file, dtype=torch.float32, attn_implementation="eager").eval()
else:
    model, tokenizer = load(args.model)
with open(args.calibration, encoding="utf8") as f:
    calibration = [tokenizer(t, return_tensors="pt").input_ids[0][: args.context] for t in json.load(f)["texts"]]
with open(args.evaluation, encoding="utf8") as f:
    ids = tokenizer(f.read(), return_tensors="pt", add_special_tokens=False).input_ids[0]
windows = [ids] if len(ids) < args.context else [ids[i * args.context : (i + 1) * args.context] for i in range(min(args.windows, len(ids) // args.context))]


@torch.no_grad()
def perplexity(model):
    """exp of the mean negative log-likelihood of every predicted token in non-overlapping windows"""
    total, count = 0.0, 0
    for w in windows:
        logp = torch.log_softmax(model(input_ids=w[None], use_cache=False).logits[0, :-1], -1)
        total -= float(logp.gather(1, w[1:, None]).sum()); count += len(w) - 1
    return math.exp(total / count)


def transposed(model, name):
    return type(model.get_submodule(name)).__name__ == "Conv1D"  # GPT-2 keeps [in, out]


def rows_mask(metric, sparsity):
    """True = prune: in every output row the int(in * sparsity) lowest, ties in column order"""
    mask = torch.zeros_like(metric, dtype=torch.bool)
    index = torch.sort(metric, dim=-1, stable=True)[1][:, : int(metric.shape[1] * sparsity)]
    return mask.scatter_(1, index, True)


def sparsegpt(w, hessian, sparsity, block=128, damp=0.01):
    w = w.clone(); h = hessian.clone(); n = w.shape[1]
    dead = h.diagonal() == 0
    h[dead, dead] = 1; w[:, dead] = 0
    h += torch.eye(n) * damp * h.diagonal().mean()
    inv = torch.linalg.cholesky(torch.cholesky_inverse(torch.linalg.cholesky(h)), upper=True)
    for a in range(0, n, block):
        b = min(a + block, n)
        w1, err, h1 = w[:, a:b].clone(), torch.zeros(w.shape[0], b - a), inv[a:b, a:b]
        score = w1 ** 2 / h1.diagonal()[None] ** 2
        mask = score <= torch.sort(score.flatten())[0][int(score.numel() * sparsity)]
        q = torch.zeros_like(w1)
        for i in range(b - a):
            col = w1[:, i].clone(); col[mask[:, i]] = 0
            q[:, i] = col
            e = (w1[:, i] - col) / h1[i, i]
            w1[:, i:] -= e[:, None] @ h1[i, i:][None]
            err[:, i] = e
        w[:, a:b] = q
        w[:, b:] -= err @ inv[a:b, b:]
    return w


@torch.no_grad()
def block_inputs():
    """[(hidden states into block 0, [keyword arguments of every block])] per calibration text, as Wanda's code does it"""
    root, layers = blocks(model)
    out = []
    for c in calibration:
        seen, first, hooks = [], [], []
        for block in layers:
            def hook(mod, args, kwargs):
                if not seen:
                    first.append((args[0] if args else kwargs["hidden_states"]).clone())
                seen.append((args[1:], {k: v for k, v in kwargs.items() if k != "hidden_states"}))
            hooks.append(block.register_forward_pre_hook(hook, with_kwargs=True))
        model(input_ids=c[None], use_cache=False)
        for h in hooks:
            h.remove()
        out.append((first[0], seen))
    return out


@torch.no_grad()
def through(block, hidden, call):
    out = block(hidden, *call[0], **call[1])
    return out[0] if isinstance(out, tuple) else out


@torch.no_grad()
def prune(criterion, per_layer, activation_scores):
    """-> (pruned model, [{module: {zeros, kept: sum of |w| that stay}}] per layer)"""
    m, report = copy.deepcopy(model), []
    root, layers = blocks(m)
    streams = block_inputs() if criterion in ("wanda", "sparsegpt") else []
    hidden = [s[0] for s in streams]
    for l, block in enumerate(layers):
        linears = [(n[: -len(".weight")], p) for n, p in block.named_parameters() if p.dim() == 2 and n.endswith(".weight")]
        stats, hooks = {}, []
        if streams:
            for name, _ in linears:
                def hook(mod, inp, out, name=name):
                    x = inp[0].reshape(-1, inp[0].shape[-1])
                    stats[name] = stats.get(name, 0) + (x.T @ x if criterion == "sparsegpt" else (x.double() ** 2).sum(0))
                hooks.append(block.get_submodule(name).register_forward_hook(hook))
            for h, (_, calls) in zip(hidden, streams):
                through(block, h, calls[l])
            for h in hooks:
                h.remove()
        report.append({})
        for name, p in linears:
            t = transposed(m, f"{root}.{l}.{name}")
            w = (p.data.T if t else p.data).contiguous().clone()
            s = per_layer[l]
            if criterion == "magnitude":  # group: the whole matrix
                index = torch.sort(w.abs().flatten(), stable=True)[1][: int(w.numel() * s)]
                w.view(-1)[index] = 0
            elif criterion == "wanda":
                w[rows_mask(w.abs() * stats[name].sqrt().float()[None], s)] = 0
            elif criterion == "activation":
                a = activation_scores[l][name]
                w[rows_mask(a.T if t else a, s)] = 0
            else:
                w = sparsegpt(w, (2 * stats[name] / len(calibration)).float(), s)
            p.data.copy_(w.T if t else w)
            report[-1][name] = {"zeros": int((w == 0).sum()), "kept": float(w.double().abs().sum())}
        if streams:
            hidden = [through(block, h, calls[l]) for h, (_, calls) in zip(hidden, streams)]
    return m, report


S, n = args.sparsity, len(blocks(model)[1])
density, allocation, by_layer = None, None, None
if "activation" in args.criteria.split(",") + args.allocations.split(","):  # else nobody would form gradients
    mean = None
    for c in calibration:
        scores = activations(model, c)[2]
        mean = scores if mean is None else [a + b for a, b in zip(mean, scores)]
    mean = [a / len(calibration) for a in mean]
    tau = threshold_at(mean, args.share)
    by_layer = grouped(model, mean)
    density = [sum(int(active(a, tau).sum()) for a in l.values()) / sum(a.numel() for a in l.values()) for l in by_layer]
    size = [sum(a.numel() for a in l.values()) for l in by_layer]
    centre = sum(density) / len(density)
    spread = max(abs(centre - d) for d in density)
    allocation = [S + (args.strength * (centre - d) / spread if spread else 0.0) for d in density]
    for _ in range(100):
        shift = S - sum(a * k for a, k in zip(allocation, size)) / sum(size)
        allocation = [min(0.95, max(0.0, a + shift)) for a in allocation]
out = {"sparsity": S, "context": args.context, "windows": len(windows), "dense": perplexity(model), "density": density,
       "allocation": allocation, "perplexity": {}, "layers": {}, "seconds": {}, "command": sys.argv[2:]}
for criterion in args.criteria.split(","):
    out["perplexity"][criterion] = {}
    for kind in args.allocations.split(","):
        t0 = time.perf_counter()
        pruned, report = prune(criterion, allocation if kind == "activation" else [S] * n, by_layer)
        out["seconds"].setdefault(criterion, {})[kind] = time.perf_counter() - t0
        out["perplexity"][criterion][kind] = perplexity(pruned)
        out["layers"].setdefault(criterion, {})[kind] = report
        print(criterion, kind, out["perplexity"][criterion][kind], file=sys.stderr)
out["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(out))
