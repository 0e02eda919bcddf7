"""Reads { "tokenizers": [tokenizer.json …], "texts": […] } from standard input and prints what `tokenizers` makes of them:
{ "version", "ids": per tokenizer and text, special tokens added }.

Needs: pip install tokenizers
"""

import json
import sys

import tokenizers

job = json.load(sys.stdin)
made = [tokenizers.Tokenizer.from_str(json.dumps(state)) for state in job["tokenizers"]]
ids = [[encoding.ids for encoding in one.encode_batch(job["texts"], add_special_tokens=True)] for one in made]
json.dump({"version": tokenizers.__version__, "ids": ids}, sys.stdout)
