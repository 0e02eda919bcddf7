#!/usr/bin/env python3
"""The peer to be faster than: what a user would run today, the procedure of the paper's own code in PyTorch.
One text at a time: forward, y = largest logit at the last token, y.backward(), then |w * grad| of every block
matrix, added up. Prints one JSON line: seconds (model load apart), peak memory, and the density of every layer.

    python pytorch_peer.py MODEL_DIR TEXTS.json [--tokens 128] [--threads 2] [--dtype float32]
"""
import argparse
import json
import os
import resource
import time

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from reference import active, grouped, scored, threshold_at

parser = argparse.ArgumentParser()
parser.add_argument("model")
parser.add_argument("texts")
parser.add_argument("--tokens", type=int, default=128)
parser.add_argument("--threads", type=int, default=torch.get_num_threads())
parser.add_argument("--dtype", default="float32")
args = parser.parse_args()
torch.set_num_threads(args.threads)

t0 = time.perf_counter()
folder, options = args.model, {}
if folder.endswith(".gguf"):  # dequantised when it is loaded
    folder, options["gguf_file"] = os.path.split(args.model)
tokenizer = AutoTokenizer.from_pretrained(folder, **options)
model = AutoModelForCausalLM.from_pretrained(folder, dtype=getattr(torch, args.dtype), **options).eval()
load_s = time.perf_counter() - t0
with open(args.texts, encoding="utf8") as f:
    texts = json.load(f)["texts"]

t0 = time.perf_counter()
weights = [p for _, _, p in scored(model)]
total = [torch.zeros_like(w) for w in weights]
tokens = 0
for text in texts:
    ids = tokenizer(text, return_tensors="pt", truncation=True, max_length=args.tokens).input_ids
    tokens += ids.shape[1]
    model.zero_grad(set_to_none=True)
    model(input_ids=ids, use_cache=False).logits[0, -1].max().backward()
    with torch.no_grad():
        for t, w in zip(total, weights):
            t += (w * w.grad).abs()
analyze_s = time.perf_counter() - t0
mean = [t / len(texts) for t in total]
tau = threshold_at(mean, 0.1)
density = [sum(int(active(m, tau).sum()) for m in layer.values()) / sum(m.numel() for m in layer.values())
           for layer in grouped(model, mean)]
print(json.dumps({"load_s": load_s, "analyze_s": analyze_s, "texts": len(texts), "tokens": tokens,
                  "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                  "parameters": sum(p.numel() for p in model.parameters()), "density": density}))
