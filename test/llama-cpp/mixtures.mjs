// usage: node mixtures.mjs DIR JOBS   DIR is what install.sh made, JOBS a JSON file: [{ "model": a GGUF file, "output": where it goes quantised,
// "fileTypes": llama.cpp's numbers, "importance": values for columns by names of tensors, or as many ones, or null,
// "types": ggml's numbers of types by patterns of tensors' names, and by the names "output" and "embedding", or null }].
// Prints per job and file type by the name of every tensor its type and a checksum of its bytes, or null where llama.cpp refuses.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { koffiOf, library } from "./library.mjs";

const [, , folder, jobs] = process.argv;
const koffi = await koffiOf(folder);
const [llama, ggml] = await Promise.all(["llama", "ggml-base"].map((name) => library(folder, name)));

koffi.struct("Importance", { name: "const char *", data: "float *", size: "size_t" });
koffi.struct("TypeOverride", { pattern: "const char *", type: "int" });
koffi.struct("QuantizeParams", {
  threads: "int32_t",
  fileType: "int",
  outputType: "int",
  embeddingType: "int",
  allowRequantize: "bool",
  quantizeOutput: "bool",
  onlyCopy: "bool",
  pure: "bool",
  keepSplit: "bool",
  dryRun: "bool",
  importance: "Importance *",
  overrides: "void *",
  typeOverrides: "TypeOverride *",
  pruneLayers: "void *",
  maxBuffer: "size_t",
});
koffi.struct("GgufParams", { noAlloc: "bool", context: "void *" });
const defaultParams = llama.func("QuantizeParams llama_model_quantize_default_params()");
const quantize = llama.func("uint32_t llama_model_quantize(const char *from, const char *to, QuantizeParams *params)");
const open = ggml.func("void *gguf_init_from_file(const char *path, GgufParams params)");
const close = ggml.func("void gguf_free(void *file)");
const count = ggml.func("int64_t gguf_get_n_tensors(void *file)");
const nameAt = ggml.func("const char *gguf_get_tensor_name(void *file, int64_t i)");
const typeAt = ggml.func("int gguf_get_tensor_type(void *file, int64_t i)");
const sizeAt = ggml.func("size_t gguf_get_tensor_size(void *file, int64_t i)");
const offsetAt = ggml.func("size_t gguf_get_tensor_offset(void *file, int64_t i)");
const dataOffset = ggml.func("size_t gguf_get_data_offset(void *file)");
const typeName = ggml.func("const char *ggml_type_name(int type)");

function tensorsOf(path) {
  const bytes = readFileSync(path);
  const file = open(path, { noAlloc: true, context: null });
  const tensors = {};
  for (let i = 0; i < Number(count(file)); i++) {
    const from = Number(dataOffset(file)) + Number(offsetAt(file, i));
    const stored = bytes.subarray(from, from + Number(sizeAt(file, i)));
    const checksum = createHash("sha256").update(stored).digest("hex");
    tensors[nameAt(file, i)] = { type: typeName(typeAt(file, i)).toUpperCase(), checksum };
  }
  close(file);
  return tensors;
}

/** Of every tensor the values, or so many ones, and the entry without a name that ends the list. */
function importanceOf(given) {
  if (given === null) return null;
  const entries = Object.entries(given);
  const list = koffi.alloc("Importance", entries.length + 1);
  const rows = entries.map(([name, values]) => {
    const data = Array.isArray(values) ? Float32Array.from(values) : new Float32Array(values).fill(1);
    return { name, data, size: data.length };
  });
  koffi.encode(list, koffi.array("Importance", entries.length + 1), [...rows, { name: null, data: null, size: 0 }]);
  return list;
}

/** Those of `--tensor-type-file`, and the entry without a pattern that ends the list. */
function overridesOf(types) {
  const entries = Object.entries(types ?? {}).filter(([pattern]) => !["output", "embedding"].includes(pattern));
  if (entries.length === 0) return null;
  const list = koffi.alloc("TypeOverride", entries.length + 1);
  const all = [...entries.map(([pattern, type]) => ({ pattern, type })), { pattern: null, type: 0 }];
  koffi.encode(list, koffi.array("TypeOverride", all.length), all);
  return list;
}

const mixed = JSON.parse(readFileSync(jobs, "utf8")).map(({ model, output, fileTypes, importance, types }) =>
  fileTypes.map((fileType) => {
    const usual = defaultParams();
    const params = {
      ...usual,
      threads: 1,
      fileType,
      importance: importanceOf(importance),
      typeOverrides: overridesOf(types),
      outputType: types?.output ?? usual.outputType,
      embeddingType: types?.embedding ?? usual.embeddingType,
    };
    const failed = quantize(model, output, params) !== 0 || !existsSync(output);
    const tensors = failed ? null : tensorsOf(output);
    rmSync(output, { force: true });
    return tensors;
  }),
);
process.stdout.write(JSON.stringify(mixed));
