"""What enters the matrices of a model in PyTorch, squared and summed over tokens: what an importance matrix holds.

    python input_squares.py JOBS   # a JSON file: [{ "model": a folder, "ids": [[…], …] }]

Prints per job and module (`model.layers.0.self_attn.q_proj`) { "sums": [columns], "tokens": so many }.

Needs: pip install torch transformers.
"""

import json
import sys

import torch
from transformers import AutoModelForCausalLM
from transformers.pytorch_utils import Conv1D


def squares(folder, texts):
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")
    found = {}

    def hook(name):
        def add(module, inputs):
            rows = inputs[0].detach().double().reshape(-1, inputs[0].shape[-1])
            entry = found.setdefault(name, {"sums": torch.zeros(rows.shape[1], dtype=torch.float64), "tokens": 0})
            entry["sums"] += rows.pow(2).sum(0)
            entry["tokens"] += rows.shape[0]

        return add

    for name, module in model.named_modules():
        if isinstance(module, (torch.nn.Linear, Conv1D)):
            module.register_forward_pre_hook(hook(name))
    with torch.inference_mode():
        for ids in texts:
            model(torch.tensor([ids]))
    return {name: {**entry, "sums": entry["sums"].tolist()} for name, entry in found.items()}


print(json.dumps([squares(job["model"], job["ids"]) for job in json.load(open(sys.argv[1]))]))
