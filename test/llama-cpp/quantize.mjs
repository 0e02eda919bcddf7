// usage: node quantize.mjs DIR JOBS   DIR is what install.sh made, JOBS a JSON file: [{ "ggmlType", "columns", "weights": a file of float32,
// "importance": one or null, "blocks": where what llama.cpp makes of them goes, "decoded": where what that is again goes }].
// Prints [nanoseconds a weight, …].
import { readFileSync, writeFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { library } from "./library.mjs";

const [, , folder, jobs] = process.argv;
const ggml = await library(folder, "ggml-base");
const quantize = ggml.func(
  "size_t ggml_quantize_chunk(int type, float *rows, uint8_t *blocks, int64_t start, int64_t rowCount, int64_t columns, float *importance)",
);
const rowSize = ggml.func("size_t ggml_row_size(int type, int64_t columns)");
const typeName = ggml.func("const char *ggml_type_name(int type)");

function floats(path) {
  const bytes = readFileSync(path);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

function decode(type, blocks, count) {
  const out = new Float32Array(count);
  const name = typeName(type);
  if (name === "f32") return new Float32Array(blocks.buffer);
  const decoder = { f16: "ggml_fp16_to_fp32_row", bf16: "ggml_bf16_to_fp32_row" }[name] ?? `dequantize_row_${name}`;
  ggml.func(`void ${decoder}(uint8_t *blocks, _Out_ float *out, int64_t count)`)(blocks, out, count);
  return out;
}

const speeds = JSON.parse(readFileSync(jobs, "utf8")).map((job) => {
  const weights = floats(job.weights);
  const importance = job.importance === null ? null : floats(job.importance);
  const rows = weights.length / job.columns;
  const blocks = new Uint8Array(rows * Number(rowSize(job.ggmlType, job.columns)));
  const begun = performance.now();
  quantize(job.ggmlType, weights, blocks, 0, rows, job.columns, importance);
  const took = performance.now() - begun;
  writeFileSync(job.blocks, blocks);
  if (job.decoded) writeFileSync(job.decoded, new Uint8Array(decode(job.ggmlType, blocks, weights.length).buffer));
  return (1e6 * took) / weights.length;
});
process.stdout.write(JSON.stringify(speeds));
