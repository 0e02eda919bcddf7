"""Writes ../data/chat-templates.json: chat templates, and what transformers makes of them with Python's jinja2.

Needs: pip install jinja2==3.1.6 transformers==5.23.0
The templates are written for this in the forms of known families, not copied (chat_families.py); or show one thing each that
Jinja and Python do in their own way, or are made by chance (chat_expressions.py). A text is what was made, null says that
jinja2 fails. What holds an address in memory is left out.
"""

import json
import re
import sys
from datetime import datetime
from pathlib import Path

import transformers.utils.chat_template_utils as utils

from chat_expressions import Expressions, features
from chat_families import CONVERSATIONS, FAMILIES

OUT = Path(__file__).parent.parent / "data" / "chat-templates.json"
NOW = (2024, 7, 26, 9, 5, 3)
SPECIAL = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}
EXPRESSIONS = 700


class Clock(datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(*NOW)


utils.datetime = Clock


def render(template, messages):
    try:
        [text], _ = utils.render_jinja_template(
            conversations=[messages], chat_template=template, add_generation_prompt=True, **SPECIAL
        )
        return text
    except Exception:
        return None


def kept(text):
    return text is None or not re.search(r"at 0x[0-9a-f]{6,}", text)


def main(count, seed):
    expressions = Expressions(seed)
    by_chance = []
    while len(by_chance) < count:
        template = expressions.template()
        text = render(template, CONVERSATIONS["system"])
        if kept(text):
            by_chance.append([template, text])
    seen = [[template, render(template, CONVERSATIONS["system"])] for template in features()]
    return {
        "now": NOW,
        "special": SPECIAL,
        "conversations": CONVERSATIONS,
        "families": [
            {
                "name": name,
                "template": template,
                "texts": {key: render(template, messages) for key, messages in CONVERSATIONS.items()},
            }
            for name, template in FAMILIES.items()
        ],
        "features": [pair for pair in seen if kept(pair[1])],
        "chance": by_chance,
    }


if __name__ == "__main__":
    if len(sys.argv) > 1:
        # Another file with as many expressions as wanted, for a longer run.
        path, count, seed = sys.argv[1:]
        Path(path).write_text(json.dumps(main(int(count), int(seed)), ensure_ascii=False))
    else:
        OUT.write_text(json.dumps(main(EXPRESSIONS, 7), ensure_ascii=False, indent=0) + "\n")
