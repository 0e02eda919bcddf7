#!/usr/bin/env python3
"""Adds targets that they lack to the reference.json of ../fixtures and to demo.json: the values that are there stay as they are.

    python add_targets.py spread,answer:4
    python add_targets.py spread,answer:4 SmolLM2-135M-Instruct.Q4_1.gguf      # to smollm2-135m.json instead

Needs what make_fixtures.py needs.
"""
import json
import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "bench"))
from reference import activations, grouped, load, stats  # noqa: E402



def load_gguf(file):
    """Dequantised to float32; the ids are in the reference already, so no tokenizer is needed."""
    return AutoModelForCausalLM.from_pretrained(
        str(file.parent), gguf_file=file.name, dtype=torch.float32, attn_implementation="eager").eval()


TARGETS = sys.argv[1].split(",")
if len(sys.argv) > 2:
    MODELS = [(Path(sys.argv[2]), HERE / "smollm2-135m.json")]
else:
    MODELS = [(folder, folder / "reference.json") for folder in sorted((HERE.parent / "fixtures").iterdir())]
    MODELS.append((HERE.parent.parent / "models" / "demo", HERE / "demo.json"))

for folder, file in MODELS:
    text = file.read_text(encoding="utf8")
    reference = json.loads(text)
    model = load_gguf(folder) if folder.suffix == ".gguf" else load(str(folder))[0]
    ids = torch.tensor(reference["tokens"][0])
    for target in TARGETS:
        if target in reference["targets"]:
            continue
        value, token, scores, _ = activations(model, ids, target)
        reference["targets"][target] = {"targetValue": value, "targetToken": token,
                                        "layers": grouped(model, [stats(s) for s in scores])}
    # one line where it was one
    file.write_text(json.dumps(reference, indent=1 if "\n" in text.strip() else None), encoding="utf8")
    print(folder.name, flush=True)
