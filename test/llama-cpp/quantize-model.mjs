import { koffiOf, library } from "./library.mjs";

/**
 * llama.cpp's own quantiser of whole models.
 * @param {string} folder that install.sh made
 * @returns a function that writes a GGUF file quantised, `(from, to, { fileType, importance, types }) => whether it could`: `importance` of tensors by name values
 * for columns, or as many ones; `types` ggml's numbers of types by patterns of tensors' names, and by the names "output" and "embedding"; either may be null.
 */
export async function modelQuantizer(folder) {
  const koffi = await koffiOf(folder);
  const llama = await library(folder, "llama");

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
  const defaultParams = llama.func("QuantizeParams llama_model_quantize_default_params()");
  const quantize = llama.func(
    "uint32_t llama_model_quantize(const char *from, const char *to, QuantizeParams *params)",
  );

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

  return (from, to, { fileType, importance, types, requantize = false }) => {
    const usual = defaultParams();
    return (
      quantize(from, to, {
        ...usual,
        threads: 1,
        fileType,
        importance: importanceOf(importance),
        typeOverrides: overridesOf(types),
        outputType: types?.output ?? usual.outputType,
        embeddingType: types?.embedding ?? usual.embeddingType,
        allowRequantize: requantize,
      }) === 0
    );
  };
}
