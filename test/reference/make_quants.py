"""Writes ../data/quants.json: blocks of every quantized type of ggml, and the values that gguf-py gives for them.

Needs: pip install gguf numpy
The blocks are random bits with finite scales, so that every bit of every layout counts.
"""

import base64
import json
from pathlib import Path

import gguf
import numpy as np

TYPES = [
    "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K",
    "IQ4_NL", "IQ4_XS", "IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ3_XXS", "IQ3_S", "IQ1_S", "IQ1_M", "TQ1_0", "TQ2_0", "MXFP4",
]  # fmt: skip
# Where in a block the float16 scales are, in bytes.
SCALES = {
    "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0],
    "Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208],
    "IQ4_NL": [0], "IQ4_XS": [0], "IQ2_XXS": [0], "IQ2_XS": [0], "IQ2_S": [0], "IQ3_XXS": [0], "IQ3_S": [0], "IQ1_S": [0],
    "IQ1_M": [], "TQ1_0": [52], "TQ2_0": [64], "MXFP4": [],
}  # fmt: skip
BLOCKS = 5

random = np.random.default_rng(20260101)
result = {}
for name in TYPES:
    kind = gguf.GGMLQuantizationType[name]
    weights, size = gguf.GGML_QUANT_SIZES[kind]
    if name in SCALES:
        blocks = random.integers(0, 256, (BLOCKS, size), dtype=np.uint8)
        for at in SCALES[name]:
            scales = random.normal(0, 0.02, BLOCKS).astype(np.float16)
            scales[0] = np.float16(6e-8)  # a subnormal one
            blocks[:, at : at + 2] = scales.view(np.uint8).reshape(BLOCKS, 2)
        if name == "MXFP4":  # its scale is a power of two, from a byte; the two smallest make subnormal weights
            blocks[:, 0] = [0, 1, 2, 120, 252]
        if name == "IQ1_M":  # its scale is in the highest four bits of four 16-bit words, lowest first
            scales = random.normal(0, 0.02, BLOCKS).astype(np.float16)
            scales[0] = np.float16(6e-8)
            bits = scales.view(np.uint16)
            for i in range(4):
                word = blocks[:, 48 + 2 * i : 50 + 2 * i].copy().view(np.uint16).reshape(-1)
                word = (word & 0x0FFF) | (((bits >> (4 * i)) & 0xF) << 12).astype(np.uint16)
                blocks[:, 48 + 2 * i : 50 + 2 * i] = word.view(np.uint8).reshape(BLOCKS, 2)
    else:
        values = random.normal(0, 0.02, 67).astype(np.float32)
        values[:3] = [0, -0.0, 6e-8]
        raw = values.astype(np.float16).view(np.uint8) if name == "F16" else gguf.quants.quantize(values, kind)
        blocks = raw.reshape(1, -1)
    expected = gguf.quants.dequantize(blocks, kind).astype(np.float32).reshape(-1)
    result[name] = {
        "blocks": base64.b64encode(blocks.tobytes()).decode(),
        "values": base64.b64encode(expected.tobytes()).decode(),
    }
out = Path(__file__).parent.parent / "data" / "quants.json"
out.write_text(json.dumps(result, indent=1) + "\n")
