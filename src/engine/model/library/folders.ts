import { homedir } from "node:os";
import { join } from "node:path";

/** The models that come with Paramscope: beside the folder in which this program is. */
export function bundledModels(): string {
  return join(__dirname, "..", "models");
}

/** Where downloaded models are: `PARAMSCOPE_MODELS`, else a folder where the system keeps a user's data. */
export function downloadedModels(): string {
  const { PARAMSCOPE_MODELS, LOCALAPPDATA, XDG_DATA_HOME } = process.env;
  if (PARAMSCOPE_MODELS) return PARAMSCOPE_MODELS;
  switch (process.platform) {
    case "win32":
      return join(LOCALAPPDATA ?? join(homedir(), "AppData", "Local"), "paramscope", "models");
    case "darwin":
      return join(homedir(), "Library", "Application Support", "paramscope", "models");
    default:
      return join(XDG_DATA_HOME ?? join(homedir(), ".local", "share"), "paramscope", "models");
  }
}
