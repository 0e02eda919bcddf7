#!/usr/bin/env python3
"""Perplexity of models in PyTorch, as transformers loads them with their tokenizers.

    python perplexity.py TEXT WINDOW WINDOWS MODEL_DIR...

The first WINDOWS windows of WINDOW ids, without special tokens; prints a JSON list, one perplexity per model.
"""
import json
import math
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

path, window, count, *folders = sys.argv[1:]
window, count = int(window), int(count)
text = open(path, encoding="utf8", newline="").read()
out = []
for folder in folders:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    ids = tokenizer(text, return_tensors="pt", add_special_tokens=False).input_ids[0]
    total, tokens = 0.0, 0
    with torch.no_grad():
        for i in range(count):
            piece = ids[i * window : (i + 1) * window]
            logp = torch.log_softmax(model(input_ids=piece[None], use_cache=False).logits[0, :-1], -1)
            total -= float(logp.gather(1, piece[1:, None]).sum())
            tokens += len(piece) - 1
    out.append(math.exp(total / tokens))
print(json.dumps(out))
