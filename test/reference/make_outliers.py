#!/usr/bin/env python3
"""Writes what tests know of OWL's outliers: per layer the share of weights whose |w|·‖x_j‖ is more than 5 times the layer's mean.

    python make_outliers.py NAME=MODEL_DIR [NAME=MODEL_DIR ...]  ->  prune.outliers.json, beside this file

The texts are those of prune.calibration.json, of each the first 256 tokens. After Yin et al. 2024 (github luuyin/OWL).
"""
import json
import os
import sys

import torch
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM
from transformers.pytorch_utils import Conv1D

TIMES, CONTEXT = 5, 256
here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "prune.calibration.json"), encoding="utf8") as f:
    texts = json.load(f)["texts"]


@torch.no_grad()
def outliers(path):
    model = AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32).eval()
    # as the file has it: transformers makes some families' anew, and cuts otherwise
    tokenizer = Tokenizer.from_file(os.path.join(path, "tokenizer.json"))
    stack = max((m for m in model.modules() if isinstance(m, torch.nn.ModuleList)), key=len)
    squares = {}

    def watch(module):
        def hook(_, inputs):
            rows = inputs[0].reshape(-1, inputs[0].shape[-1]).double()
            squares[module] = squares.get(module, 0) + rows.square().sum(0)
        module.register_forward_pre_hook(hook)

    linear = [[m for m in block.modules() if isinstance(m, (torch.nn.Linear, Conv1D))] for block in stack]
    for block in linear:
        for module in block:
            watch(module)
    for text in texts:
        model(input_ids=torch.tensor([tokenizer.encode(text).ids[:CONTEXT]]), use_cache=False)
    shares = []
    for block in linear:
        metrics = []
        for module in block:
            weight = module.weight.T if isinstance(module, Conv1D) else module.weight
            metrics.append((weight.abs().double() * squares[module].sqrt()).flatten())
        metric = torch.cat(metrics)
        shares.append(float((metric > TIMES * metric.mean()).double().mean()))
    return shares


result = {name: outliers(path) for name, path in (part.split("=", 1) for part in sys.argv[1:])}
with open(os.path.join(here, "prune.outliers.json"), "w", encoding="utf8") as f:
    json.dump(result, f, indent=1)
    f.write("\n")
