"""Writes ../data/quantized/NAME.safetensors: two matrices of a model, quantized in each of the ways that are read, beside the values that an independent
program makes of them (`expected.NAME`), with the `quantization_config` of config.json in the metadata.

Needs: pip install torch transformers safetensors compressed-tensors bitsandbytes, and the sources of two packages that do not install without a graphics card:
  pip download --no-deps auto-gptq==0.7.1 autoawq==0.2.9, unpacked, their folders given as arguments:
  python make_quantized.py FOLDER-OF-AUTO-GPTQ FOLDER-OF-AUTOAWQ

Scales are float32 or have few enough bits that these programs do not round to fewer bits than float32 has.
"""

import importlib.util
import json
import sys
import types
from pathlib import Path

import bitsandbytes.functional as bnb
import torch
from bitsandbytes.backends.default.ops import _dequantize_4bit_compute as plain_dequantize
from compressed_tensors.compressors import BaseCompressor
from compressed_tensors.quantization import QuantizationArgs, QuantizationScheme
from safetensors.torch import save_file
from transformers.integrations.finegrained_fp8 import Fp8Dequantize
from transformers.integrations.mxfp4 import convert_moe_packed_tensors

OUT = Path(__file__).parent.parent / "data" / "quantized"
# The fixture llama's: [32, 64] both.
MODULES = ["model.layers.0.self_attn.k_proj", "model.layers.0.self_attn.v_proj"]
ROWS, COLUMNS = 32, 64

torch.manual_seed(20260101)


def load(path, name):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def weights():
    return torch.randn(ROWS, COLUMNS) * 0.05


def few_bits(*shape):
    """Scales that float16 and bfloat16 hold, and that keep products with 8-bit numbers exact in float32."""
    return (torch.rand(*shape) * 0.01 + 1e-3).to(torch.bfloat16).to(torch.float16)


def write(name, config, stored, expected):
    tensors = {key: value.contiguous() for key, value in stored.items()}
    tensors |= {f"expected.{key}": value.float().contiguous() for key, value in expected.items()}
    OUT.mkdir(exist_ok=True)
    save_file(tensors, OUT / f"{name}.safetensors", metadata={"quantization_config": json.dumps(config)})


def each(make):
    """What `make` gives for each module: its stored tensors by their endings, and the dense matrix."""
    stored, expected = {}, {}
    for module in MODULES:
        tensors, dense = make()
        stored |= {module + ending: tensor for ending, tensor in tensors.items()}
        expected[f"{module}.weight"] = dense
    return stored, expected


# 8-bit floats: transformers' own dequantizing
def fp8(scale_shape, ending=".weight_scale_inv", dtype=torch.float32):
    def make():
        codes = (weights() * 100).to(torch.float8_e4m3fn)
        codes.view(torch.uint8)[0, :4] = torch.tensor([0, 128, 1, 126], dtype=torch.uint8)  # zeros, a subnormal one, the largest
        scale = few_bits(*scale_shape).to(dtype) if scale_shape else torch.tensor(0.0123)
        dense = Fp8Dequantize(None)._dequantize_one(codes, scale, torch.float32)
        return {".weight": codes, ending: scale}, dense

    return each(make)


write("fp8-blocks", {"quant_method": "fp8", "weight_block_size": [16, 32]}, *fp8((2, 2)))
write("fp8-whole", {"quant_method": "fp8", "activation_scheme": "static"}, *fp8(()))
write("fp8-rows", {"quant_method": "fbgemm_fp8"}, *fp8((ROWS, 1), ".weight_scale"))
write("fp8-modelopt", {"quant_method": "modelopt", "quant_algo": "FP8"}, *fp8((), ".weight_scale"))


# blocks that the matrix ends within, as DeepSeek's have them: torch's floats, the scales spread by hand
def cut_blocks():
    codes = (weights() * 100).to(torch.float8_e4m3fn)
    scale = torch.rand(2, 2) * 0.01
    spread = scale.repeat_interleave(24, 0)[:ROWS].repeat_interleave(40, 1)[:, :COLUMNS]
    return {".weight": codes, ".weight_scale_inv": scale}, codes.float() * spread


write("fp8-cut-blocks", {"quant_method": "fp8", "weight_block_size": [24, 40]}, *each(cut_blocks))


# GPTQ: auto_gptq's layer, which multiplies the identity by its weights
gptq_layer = load(next(Path(sys.argv[1]).rglob("qlinear_cuda.py")), "qlinear_cuda")


def gptq(bits, group, ordered, has_index=True):
    def make():
        groups = COLUMNS // group
        codes = torch.randint(-(2**31), 2**31 - 1, (COLUMNS * bits // 32, ROWS), dtype=torch.int32)
        zeros = torch.randint(-(2**31), 2**31 - 1, (groups, ROWS * bits // 32), dtype=torch.int32)
        index = torch.arange(COLUMNS, dtype=torch.int32) // group
        if ordered:
            index = index[torch.randperm(COLUMNS)]
        scales = few_bits(groups, ROWS)
        layer = gptq_layer.QuantLinear(bits, group, COLUMNS, ROWS, bias=False, weight_dtype=torch.float32)
        layer.qweight, layer.qzeros, layer.scales, layer.g_idx = codes, zeros, scales.float(), index
        dense = layer(torch.eye(COLUMNS)).T
        stored = {".qweight": codes, ".qzeros": zeros, ".scales": scales}
        return stored | ({".g_idx": index} if has_index else {}), dense

    return each(make)


def gptq_config(bits, **more):
    return {"quant_method": "gptq", "bits": bits, **more}


write("gptq-4", gptq_config(4, group_size=16, desc_act=False), *gptq(4, 16, False))
write("gptq-4-without-index", gptq_config(4, group_size=32), *gptq(4, 32, False, has_index=False))
write("gptq-4-ordered", gptq_config(4, group_size=16, desc_act=True), *gptq(4, 16, True))
write("gptq-8-ordered", gptq_config(8, group_size=32, desc_act=True), *gptq(8, 32, True))
write("gptq-2", gptq_config(2, group_size=64), *gptq(2, 64, False))

# the second form has zero points as they are: the same with 1 less in each
first, expected = gptq(4, 16, True)
for name in [one for one in first if one.endswith(".qzeros")]:
    nibbles = first[name].view(torch.uint8)
    low, high = nibbles & 15, nibbles >> 4
    low, high = low.clamp(max=14), high.clamp(max=14)  # 16 has no place in 4 bits
    first[name] = (low | (high << 4)).view(torch.int32)
    module = name.removesuffix(".qzeros")
    layer = gptq_layer.QuantLinear(4, 16, COLUMNS, ROWS, bias=False, weight_dtype=torch.float32)
    layer.qweight, layer.qzeros = first[f"{module}.qweight"], first[name]
    layer.scales, layer.g_idx = first[f"{module}.scales"].float(), first[f"{module}.g_idx"]
    expected[f"{module}.weight"] = layer(torch.eye(COLUMNS)).T
    first[name] = ((low + 1) | ((high + 1) << 4)).view(torch.int32)
write("gptq-v2", gptq_config(4, group_size=16, checkpoint_format="gptq_v2"), first, expected)

# AWQ: autoawq's unpacking
packing = load(next(Path(sys.argv[2]).rglob("awq/utils/packing_utils.py")), "packing_utils")


def awq():
    group = 16
    codes = torch.randint(-(2**31), 2**31 - 1, (COLUMNS, ROWS // 8), dtype=torch.int32)
    zeros = torch.randint(-(2**31), 2**31 - 1, (COLUMNS // group, ROWS // 8), dtype=torch.int32)
    scales = few_bits(COLUMNS // group, ROWS)
    dense = packing.dequantize_gemm(codes, zeros, scales.float(), 4, group).T
    return {".qweight": codes, ".qzeros": zeros, ".scales": scales}, dense


awq_config = {"quant_method": "awq", "bits": 4, "group_size": 16, "version": "gemm", "zero_point": True}
write("awq", awq_config, *each(awq))


# compressed-tensors: its own compressors, with zero points and groups of their own
def compressed(form, args, scale_shape, zero=None, index=None):
    scheme = QuantizationScheme(targets=["Linear"], weights=QuantizationArgs(**args))
    compressor = BaseCompressor.get_value_from_registry(form)

    def make():
        state = {"weight": weights(), "weight_scale": few_bits(*scale_shape).float()}
        if zero:
            state["weight_zero_point"] = torch.randint(-zero, zero, scale_shape, dtype=torch.int8)
        if index:
            state["weight_g_idx"] = torch.randperm(COLUMNS).int() % scale_shape[1]
        stored = compressor.compress(state, scheme)
        scale = stored["weight_scale"]
        if index:
            plain = QuantizationScheme(targets=["Linear"], weights=QuantizationArgs(**args | {"strategy": "channel", "group_size": None}))
            places = stored["weight_g_idx"].long()
            codes = compressor.decompress(stored | {"weight_scale": torch.ones(ROWS, 1)}, plain)["weight"]
            dense = codes * scale[:, places]
        else:
            dense = compressor.decompress(stored, scheme)["weight"]
        stored["weight_scale"] = scale.to(torch.bfloat16)
        return {f".{name}": tensor for name, tensor in stored.items()}, dense

    group = {"targets": ["Linear"], "weights": json.loads(scheme.weights.model_dump_json())}
    config = {"quant_method": "compressed-tensors", "format": form, "config_groups": {"group_0": group}}
    return config, *each(make)


four = {"num_bits": 4, "type": "int", "strategy": "group", "group_size": 16}
eight = {"num_bits": 8, "type": "int"}
write("compressed-int4", *compressed("pack-quantized", four, (ROWS, COLUMNS // 16)))
write("compressed-int4-zeros", *compressed("pack-quantized", four | {"symmetric": False}, (ROWS, COLUMNS // 16), zero=8))
write("compressed-int4-ordered", *compressed("pack-quantized", four, (ROWS, COLUMNS // 16), index=True))
write("compressed-int8-packed", *compressed("pack-quantized", eight | {"strategy": "channel"}, (ROWS, 1)))
write("compressed-int8", *compressed("int-quantized", eight | {"strategy": "channel"}, (ROWS, 1)))
write("compressed-int8-zeros", *compressed("int-quantized", eight | {"strategy": "group", "group_size": 32, "symmetric": False}, (ROWS, 2), zero=100))
float8 = {"num_bits": 8, "type": "float"}
write("compressed-fp8", *compressed("float-quantized", float8 | {"strategy": "tensor"}, (1,)))
write("compressed-fp8-rows", *compressed("float-quantized", float8 | {"strategy": "channel"}, (ROWS, 1)))
write("compressed-fp8-blocks", *compressed("float-quantized", float8 | {"strategy": "block", "block_structure": [16, 32]}, (2, 2)))


# bitsandbytes: its own quantizing and dequantizing
def four_bits(kind, blocksize, nested):
    def make():
        codes, state = bnb.quantize_4bit(weights(), blocksize=blocksize, compress_statistics=nested, quant_type=kind)
        # in the library's plain code: its kernel for processors takes a block for a row where it is more than one
        absmax = bnb.dequantize_blockwise(state.absmax, state.state2) + state.offset if nested else state.absmax
        dense = plain_dequantize(codes.reshape(-1), absmax, state.code, blocksize, (ROWS, COLUMNS), torch.float32)
        stored = {".weight": codes} | {f".weight.{key}": value for key, value in state.as_dict(packed=True).items()}
        return stored, dense

    return each(make)


four_config = {"quant_method": "bitsandbytes", "load_in_4bit": True}
write("bitsandbytes-nf4", four_config, *four_bits("nf4", 64, False))
write("bitsandbytes-nf4-nested", four_config, *four_bits("nf4", 64, True))
write("bitsandbytes-nf4-across-rows", four_config, *four_bits("nf4", 256, True))
write("bitsandbytes-nf4-cut-block", four_config, *four_bits("nf4", 4096, False))
write("bitsandbytes-fp4", four_config, *four_bits("fp4", 64, True))


def eight_bits():
    codes, scale, _ = bnb.int8_vectorwise_quant(weights().half())
    stored = {".weight": codes, ".SCB": scale, ".weight_format": torch.tensor(0, dtype=torch.uint8)}
    return stored, bnb.int8_vectorwise_dequant(codes, scale)


write("bitsandbytes-int8", {"quant_method": "bitsandbytes", "load_in_8bit": True}, *each(eight_bits))

# MXFP4: transformers' own unpacking of gpt-oss' experts
experts = "model.layers.0.mlp.experts.gate_up_proj"
blocks = torch.randint(0, 256, (2, 24, 2, 16), dtype=torch.uint8)
exponents = torch.randint(110, 128, (2, 24, 2), dtype=torch.uint8)
dense = convert_moe_packed_tensors(blocks.clone(), exponents.clone(), dtype=torch.float32)
write("mxfp4", {"quant_method": "mxfp4"}, {f"{experts}_blocks": blocks, f"{experts}_scales": exponents}, {f"model.layers.0.mlp.experts.{e}.gate_up_proj.weight": dense[e].T for e in range(2)})
