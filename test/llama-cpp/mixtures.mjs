// usage: node mixtures.mjs DIR JOBS   DIR is what install.sh made, JOBS a JSON file: [{ "model": a GGUF file, "output": where it goes quantised,
// "fileTypes": llama.cpp's numbers, "importance": values for columns by names of tensors, or as many ones, or null,
// "types": ggml's numbers of types by patterns of tensors' names, and by the names "output" and "embedding", or null }].
// Prints per job and file type by the name of every tensor its type and a checksum of its bytes, or null where llama.cpp refuses.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { koffiOf, library } from "./library.mjs";
import { modelQuantizer } from "./quantize-model.mjs";

const [, , folder, jobs] = process.argv;
const koffi = await koffiOf(folder);
const ggml = await library(folder, "ggml-base");
const quantize = await modelQuantizer(folder);

koffi.struct("GgufParams", { noAlloc: "bool", context: "void *" });
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

const mixed = JSON.parse(readFileSync(jobs, "utf8")).map(({ model, output, fileTypes, importance, types }) =>
  fileTypes.map((fileType) => {
    const failed = !quantize(model, output, { fileType, importance, types }) || !existsSync(output);
    const tensors = failed ? null : tensorsOf(output);
    rmSync(output, { force: true });
    return tensors;
  }),
);
process.stdout.write(JSON.stringify(mixed));
