"""Writes ../../src/engine/model/formats/packed-codebooks.ts: the codebooks of ggml's IQ types, as gguf-py has them.

Needs: pip install gguf numpy
gguf-py stores them in hexadecimal digits, two or four bits for each of the few values that a codebook has.
"""

import base64
from pathlib import Path

from gguf import quants

LINE = 108
NAMES = ["IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ3_XXS", "IQ3_S", "IQ1_S"]

lines = [
    "/**",
    " * The codebooks of ggml's IQ types (ggml-common.h; MIT licence, the ggml authors), written by test/reference/make_codebooks.py. An entry is a number of",
    " * weights, each a place in `values`, packed lowest first in 2 bits, or 4 where there are more than 4 values.",
    " */",
    "export const PACKED_CODEBOOKS: Readonly<",
    "  Record<string, { readonly entries: number; readonly weights: number; readonly values: readonly number[]; readonly packed: string }>",
    "> = {",
]
for name in NAMES:
    kind = getattr(quants, name)
    entries, weights = kind.grid_shape
    packed = base64.b64encode(bytes.fromhex(kind.grid_hex.decode())).decode()
    lines += [
        f"  {name}: {{",
        f"    entries: {entries},",
        f"    weights: {weights},",
        f"    values: {list(kind.grid_map)},",
        "    packed:",
        *(f'      "{packed[at : at + LINE]}"{" +" if at + LINE < len(packed) else ","}' for at in range(0, len(packed), LINE)),
        "  },",
    ]
lines.append("};")
out = Path(__file__).parents[2] / "src" / "engine" / "model" / "formats" / "packed-codebooks.ts"
out.write_text("\n".join(lines) + "\n")
