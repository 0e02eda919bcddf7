#!/usr/bin/env python3
"""Log-likelihoods of answers by transformers, one choice at a time: what tasks.json holds.

    python make_tasks.py > tasks.json

Prompts as lm-evaluation-harness words them, written down here once more. A choice's tokens are those of prompt and choice together behind as many as the
prompt alone has.
"""
import csv
import json
import re
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

here = Path(__file__).parent
data = here.parent / "data" / "tasks"


def lines(name):
    return [json.loads(line) for line in open(data / name)]


def plain(text):
    text = text.strip().replace(" [title]", ". ")
    return re.sub("\\[.*?\\]", "", text).replace("  ", " ")


def questions():
    yield "boolq.jsonl", [(f"{q['passage']}\nQuestion: {q['question']}?\nAnswer:", ["no", "yes"]) for q in lines("boolq.jsonl")]
    yield "piqa.jsonl", [(f"Question: {q['goal']}\nAnswer:", [q["sol1"], q["sol2"]]) for q in lines("piqa.jsonl")]
    yield "hellaswag.jsonl", [
        (plain(f"{q['activity_label']}: {q['ctx_a']} {q['ctx_b'].capitalize()}"), [plain(e) for e in q["endings"]])
        for q in lines("hellaswag.jsonl")
    ]
    arc = []
    for q in lines("arc.jsonl"):
        if isinstance(q["question"], dict):
            arc.append((f"Question: {q['question']['stem']}\nAnswer:", [c["text"] for c in q["question"]["choices"]]))
        else:
            arc.append((f"Question: {q['question']}\nAnswer:", q["choices"]["text"]))
    yield "arc.jsonl", arc
    yield "mmlu.csv", [
        (f"{row[0].strip()}\nA. {row[1]}\nB. {row[2]}\nC. {row[3]}\nD. {row[4]}\nAnswer:", list("ABCD"))
        for row in csv.reader(open(data / "mmlu.csv"))
    ]
    yield "prompts.jsonl", [(q["prompt"], q["choices"]) for q in lines("prompts.jsonl")]


path = here.parent.parent / "models" / "demo"
tokenizer = AutoTokenizer.from_pretrained(path)
model = AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32).eval()
out = {}
for name, items in questions():
    out[name] = []
    for prompt, choices in items:
        scores = []
        for choice in choices:
            behind = choice if choice[:1].isspace() else " " + choice
            context = tokenizer(prompt).input_ids
            whole = tokenizer(prompt + behind).input_ids
            ids = torch.tensor([whole])
            with torch.no_grad():
                logp = torch.log_softmax(model(input_ids=ids).logits[0], -1)
            scores.append(float(sum(logp[t - 1, whole[t]] for t in range(len(context), len(whole)))))
        out[name].append(scores)
print(json.dumps({k: [[float(f"{s:.6g}") for s in item] for item in v] for k, v in out.items()}, separators=(",", ":")))
