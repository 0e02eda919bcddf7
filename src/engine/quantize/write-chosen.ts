import type { QuantizeRequest, WrittenFile } from "../api";
import type { BitsDocument } from "../document/bits";
import type { PruneEvents } from "../prune/run-parts";
import { writeWholeFile } from "../whole-file";
import { writeError } from "../write-error";
import { quantizeArguments, recipeOf } from "./export/recipe";
import { writeGguf } from "./export/write-gguf";
import { isFloat } from "./formats";
import { imatrixOf, plannedFormats, plannedImportance } from "./gguf-view";
import { writeImatrix } from "./imatrix/write";
import type { Made } from "./made";

/** Writes the files that were asked for. @throws ParamscopeError where one cannot be written; it is then as it was. */
export async function* writeChosen(
  { model, exportTo, recipeTo, imatrix: given, signal }: QuantizeRequest,
  { choosing, chosen, importance, parts, prepared }: Made,
): PruneEvents<Pick<BitsDocument, "files" | "recipe">> {
  const { view, samples } = prepared;
  const files: BitsDocument["files"] = [];
  if (view === undefined || (exportTo ?? recipeTo) === undefined) return { files, recipe: null };
  const formatOf = plannedFormats(choosing.tensors, chosen.formats);
  const datasets = [...new Set(samples.map(({ source }) => source))];
  const chunkSize = Math.max(...samples.map(({ ids }) => ids.length));
  const imatrix = imatrixOf(importance, view, { datasets, chunkSize });
  // of what is read from a file its own texts are said
  const madeWith = given ?? { name: recipeTo?.imatrix.file, imatrix };
  const writing = async function* (to: WrittenFile): PruneEvents<number> {
    yield { type: "progress", phase: "write", done: 0, layers: 1, share: 0, secondsLeft: undefined };
    return await writeGguf(to.file, view.plan, {
      formatOf,
      importanceOf: plannedImportance(importance),
      ...(importance.size > 0 && { imatrix: madeWith }),
      signal,
    });
  };
  if (exportTo)
    files.push({
      kind: "model",
      path: exportTo.file,
      bytes: yield* parts.run(prepared.costs.write, writing(exportTo)),
    });
  if (recipeTo === undefined) return { files, recipe: null };
  const { types } = recipeTo;
  const recipe = recipeOf(view.plan.tensors, formatOf);
  await writeText(types.file, recipe.types);
  files.push({ kind: "types", path: types.file, bytes: Buffer.byteLength(recipe.types) });
  const { file } = recipeTo.imatrix;
  files.push({ kind: "imatrix", path: file, bytes: await writeImatrix(file, imatrix) });
  const isGguf = model.checkpoint.format === "gguf";
  return {
    files,
    recipe: quantizeArguments(recipe, {
      types: types.file,
      imatrix: file,
      from: isGguf ? model.checkpoint.path : `${model.name}-F32.gguf`,
      to: exportTo?.file ?? `${model.name}-quantised.gguf`,
      isQuantized: isGguf && view.plan.tensors.some(({ isQuantized, type }) => isQuantized && !isFloat(type)),
    }),
  };
}

async function writeText(path: string, text: string): Promise<void> {
  try {
    await writeWholeFile(path, async (file) => {
      await file.writeFile(text);
    });
  } catch (cause) {
    throw writeError(path, cause, "file");
  }
}
