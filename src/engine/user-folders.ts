import { homedir, userInfo } from "node:os";
import { isAbsolute, join } from "node:path";

/** A folder of the user's that the environment names: an empty or relative name is none, which would be wherever one happens to be (XDG Base Directory Specification). */
function named(variable: string): string | undefined {
  const path = process.env[variable];
  return path !== undefined && isAbsolute(path) ? path : undefined;
}

function home(): string {
  const path = homedir();
  return isAbsolute(path) ? path : userInfo().homedir;
}

/** Paramscope's folder within the system's folder for caches. */
export function cacheFolder(): string {
  return join(named("XDG_CACHE_HOME") ?? named("LOCALAPPDATA") ?? join(home(), ".cache"), "paramscope");
}

/** Paramscope's folder where the system keeps a user's data. */
export function dataFolder(): string {
  switch (process.platform) {
    case "win32":
      return join(named("LOCALAPPDATA") ?? join(home(), "AppData", "Local"), "paramscope");
    case "darwin":
      return join(home(), "Library", "Application Support", "paramscope");
    default:
      return join(named("XDG_DATA_HOME") ?? join(home(), ".local", "share"), "paramscope");
  }
}
