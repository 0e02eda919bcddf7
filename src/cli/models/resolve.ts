import { existsSync } from "node:fs";
import { join } from "node:path";
import { ParamscopeError } from "../../engine/errors";
import { bundledModels, downloadedModels } from "./folders";
import { listModels } from "./list";

export const defaultModel = "demo";

/**
 * The path of the model that the user names: a folder, a GGUF file, or the id of a bundled or downloaded one.
 * @throws ParamscopeError when there is none.
 */
export async function resolveModel(name: string | undefined): Promise<string> {
  if (name === undefined) return join(bundledModels(), defaultModel);
  if (existsSync(name)) return name;
  for (const folder of [bundledModels(), downloadedModels()]) {
    const model = (await listModels(folder)).find(({ id }) => id === name);
    if (model) return model.path;
  }
  throw new ParamscopeError(
    `There is no model ${name}: neither a folder, nor a file, nor one that was downloaded`,
    "`paramscope models` lists those that are there.",
  );
}
