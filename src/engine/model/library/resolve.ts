import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { ParamscopeError } from "../../errors";
import { bundledModels, downloadedModels } from "./folders";
import { listModels } from "./list";

/** The id of the bundled model, which is used where none is named. */
export const defaultModel = "demo";

/**
 * The path of the model that the user names: a folder, a GGUF file, or the id of a bundled or downloaded one.
 * @throws ParamscopeError when there is none.
 */
export async function resolveModel(name: string | undefined): Promise<string> {
  if (name === undefined) return join(bundledModels(), defaultModel);
  if (existsSync(name)) return name;
  const path = await pathOfId(name);
  if (path !== undefined) return path;
  throw new ParamscopeError(
    `There is no model ${name}: neither a folder, nor a file, nor one that was downloaded`,
    "`paramscope models` lists those that are there.",
  );
}

/** Where the model of a saved result is: where it was, else a bundled or downloaded one of that name. */
export async function locateModel(path: string): Promise<string | undefined> {
  return existsSync(path) ? path : await pathOfId(basename(path));
}

async function pathOfId(id: string): Promise<string | undefined> {
  for (const folder of [bundledModels(), downloadedModels()]) {
    const model = (await listModels(folder)).find((candidate) => candidate.id === id);
    if (model) return model.path;
  }
  return undefined;
}
