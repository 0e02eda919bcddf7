#!/usr/bin/env python3
"""Sentence pairs: similarity per layer and Spearman's rho against human scores, in PyTorch.

    python pairs_reference.py MODEL_DIR PAIRS.csv|tsv [--limit 100]

STS-B: score in column 5, sentences in 6 and 7 (tab separated, no header). SICK: header with sentence_A, relatedness_score.
"""
import argparse
import json
import os
import time

import torch
from scipy.stats import spearmanr

from reference import activations, load, relevance, scored, similarity
from transformers import AutoModelForCausalLM, AutoTokenizer

parser = argparse.ArgumentParser()
parser.add_argument("model"); parser.add_argument("pairs"); parser.add_argument("--limit", type=int, default=100)
args = parser.parse_args()
rows = [l.rstrip("\n").split("\t") for l in open(args.pairs, encoding="utf8")]
if "sentence_A" in rows[0]:
    a, b, s = (rows[0].index(c) for c in ("sentence_A", "sentence_B", "relatedness_score"))
    rows = rows[1:]
else:
    s, a, b = 4, 5, 6
rows = [(r[a], r[b], float(r[s])) for r in rows if len(r) > max(a, b, s)]
step = max(1, len(rows) // args.limit)
rows = rows[::step][: args.limit]
if args.model.endswith(".gguf"):  # dequantised when it is loaded
    folder, file = os.path.split(args.model)
    tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=file)
    model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=file, dtype=torch.float32, attn_implementation="eager").eval()
else:
    model, tokenizer = load(args.model)
start = time.perf_counter()
layer_of = [l for l, _, _ in scored(model)]
layers = max(layer_of) + 1


def scores(text):
    return activations(model, tokenizer(text, return_tensors="pt").input_ids[0])[2]


per_pair = []
for x, y, _ in rows:
    sx, sy = scores(x), scores(y)
    per_pair.append([similarity([v for v, l in zip(sx, layer_of) if l == k], [v for v, l in zip(sy, layer_of) if l == k])
                     for k in range(layers)])
human = [r[2] for r in rows]
print(json.dumps({
    "seconds": time.perf_counter() - start, "pairs": len(rows), "everyNth": step,
    "spearmanPerLayer": [float(spearmanr([p[k] for p in per_pair], human)[0]) for k in range(layers)],
    "spearmanDeep": float(spearmanr([relevance(p) for p in per_pair], human)[0]),
    "similarity": per_pair,
}))
