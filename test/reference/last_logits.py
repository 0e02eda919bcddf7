#!/usr/bin/env python3
"""What models in PyTorch, as transformers loads them, predict behind texts.

    python last_logits.py JOBS   # a JSON file: [{ "model": a folder, "ids": [[…], …] }]

Prints per job and text the logits behind its last id.

Needs: pip install torch transformers.
"""

import json
import sys

import torch
from transformers import AutoModelForCausalLM


def logits(folder, texts):
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    with torch.inference_mode():
        return [model(torch.tensor([ids]), use_cache=False).logits[0, -1].tolist() for ids in texts]


print(json.dumps([logits(job["model"], job["ids"]) for job in json.load(open(sys.argv[1]))]))
