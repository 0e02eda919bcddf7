#!/usr/bin/env python3
"""What rounding costs, by PyTorch's autograd, one window at a time: what sensitivity.json holds.

    python make_sensitivity.py > sensitivity.json

For every matrix that is quantised: `fisher`, the sum over its weights of F, the mean over windows of (d NLL / d w)^2, NLL the summed negative
log-likelihood of a window; `rounded`, the sum of F w^2; `activation`, the sum of the mean of |w dy/dw|, y the spread at the last position; and `squares`, of the mean squares of the matrix's inputs over all tokens of a window but the last, the sum and that of each times its place. Tied
embeddings have one gradient.
"""
import json
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

here = Path(__file__).parent
fixtures = here.parent / "fixtures"
# tied and not, biases, learned positions, a scaled, a narrower and a normalized embedding, soft-caps, a bias of logits, fused, experts
NAMES = ["llama", "llama3-rope-tied", "gemma2", "gpt2", "opt", "bloom", "gptj", "phi3", "granite", "mixtral", "gpt_oss"]
LENGTHS = [7, 12, 20]


def nll(logits, ids):
    return -torch.log_softmax(logits[:-1], -1).gather(1, ids[1:, None]).sum()


def spread(logits):
    z = logits[-1]
    return ((z - z.mean()) ** 2).sum() / (2 * len(z))


def told(values):
    """The sum, and that of each value times its place from 1 on, which no other order has."""
    return [float(values.sum()), float((values * torch.arange(1, len(values) + 1)).sum())]


out = {}
for name in NAMES:
    tokenizer = AutoTokenizer.from_pretrained(fixtures / name)
    model = AutoModelForCausalLM.from_pretrained(fixtures / name, dtype=torch.float32, attn_implementation="eager").eval()
    # else PyTorch keeps the gradient of padding's row at 0
    model.get_input_embeddings().padding_idx = None
    texts = json.load(open(fixtures / name / "reference.json"))["texts"]
    samples = [tokenizer(text, return_tensors="pt").input_ids[0][:length] for text, length in zip(texts, LENGTHS)]
    parameters = {n: p for n, p in model.named_parameters() if p.dim() >= 2}
    sums = {n: {"fisher": 0.0, "rounded": 0.0, "activation": 0.0} for n in parameters}
    linears = {n: m for n, m in model.named_modules() if isinstance(m, torch.nn.Linear) or type(m).__name__ == "Conv1D"}
    squares = {n: [0, 0] for n in linears}
    for ids in samples:
        kept, handles = {}, []
        for n, m in linears.items():
            def hook(module, args, output, n=n):
                kept.setdefault(n, []).append(args[0].detach())
            handles.append(m.register_forward_hook(hook))
        model.zero_grad()
        nll(model(input_ids=ids[None], use_cache=False).logits[0], ids).backward()
        for h in handles:
            h.remove()
        for n, p in parameters.items():
            if p.grad is None:
                continue
            sums[n]["fisher"] += float((p.grad.double() ** 2).sum()) / len(samples)
            sums[n]["rounded"] += float((p.grad.double() ** 2 * p.detach().double() ** 2).sum()) / len(samples)
        for n, calls in kept.items():
            for x in calls:
                own = x.reshape(-1, x.shape[-1])[: len(ids) - 1]
                squares[n][0] = squares[n][0] + (own.double() ** 2).sum(0)
                squares[n][1] += len(own)
        model.zero_grad()
        spread(model(input_ids=ids[None], use_cache=False).logits[0]).backward()
        for n, p in parameters.items():
            if p.grad is not None:
                sums[n]["activation"] += float((p.grad.double() * p.detach().double()).abs().sum()) / len(samples)
    out[name] = {
        "samples": [s.tolist() for s in samples],
        "matrices": sums,
        "squares": {n: told(s / c) for n, (s, c) in squares.items() if c > 0},
    }


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.7g}")
    if isinstance(value, list):
        return [rounded(v) for v in value]
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return value


print(json.dumps(rounded(out), separators=(",", ":")))
