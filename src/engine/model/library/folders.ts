import { join } from "node:path";
import { dataFolder } from "../../user-folders";

/** The models that come with Paramscope: beside the folder in which this program is. */
export function bundledModels(): string {
  return join(__dirname, "..", "models");
}

/** Where downloaded models are: `PARAMSCOPE_MODELS`, else a folder where the system keeps a user's data. */
export function downloadedModels(): string {
  const { PARAMSCOPE_MODELS } = process.env;
  if (PARAMSCOPE_MODELS) return PARAMSCOPE_MODELS;
  return join(dataFolder(), "models");
}
