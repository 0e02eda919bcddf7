#!/usr/bin/env python3
"""How fast models are in PyTorch, as transformers loads them, on one thread.

    python speed_peer.py JOB   # a JSON file: { "models": [folders], "ids": [...], "rounds": so many }

Prints per model the tokens a second of processor time that it reads in every round, all models by turns, after one round that does not count; and the most memory that the
process had (of Linux alone; else 0):
{ "reading": [[...], ...], "peakMiB" }.

Needs: pip install torch transformers.
"""
import json
import sys
import time

import torch
from transformers import AutoModelForCausalLM

torch.set_num_threads(1)
job = json.load(open(sys.argv[1]))
models = [AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval() for folder in job["models"]]
ids = torch.tensor([job["ids"]])
reading = [[] for _ in models]
with torch.inference_mode():
    for turn in range(job["rounds"] + 1):
        for speeds, model in zip(reading, models):
            start = time.process_time()
            model(input_ids=ids, use_cache=False)
            if turn > 0:
                speeds.append(ids.shape[1] / (time.process_time() - start))


def peak_kib():
    """Not getrusage's: that begins with what the process had that started this one."""
    try:
        return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
    except OSError:
        return 0


print(json.dumps({"reading": reading, "peakMiB": peak_kib() / 1024}))
