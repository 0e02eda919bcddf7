import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

import type { LoadedTensorFlow, TensorFlow } from "./tensorflow";

const PACKAGE = "@tensorflow/tfjs-node";

/** What Node no longer has of what tfjs-node 4.22 calls. */
interface OldUtil {
  isNullOrUndefined?: (value: unknown) => boolean;
  isArray?: (value: unknown) => boolean;
}

/**
 * The folder of tfjs-node: below the folder given, or where a `require` of this program would find it, or among the user's
 * global modules; undefined where it is in none of them. The current folder is none of them: what a stranger's repository
 * brings along is not loaded.
 */
export function findNodeBackend(folder: string | undefined): string | undefined {
  for (const start of folder === undefined ? [__dirname] : [folder, __dirname]) {
    const found = resolveFrom(start);
    if (found !== undefined) return found;
  }
  return globalFolders()
    .map((root) => join(root, PACKAGE))
    .find((path) => existsSync(join(path, "package.json")));
}

function resolveFrom(folder: string): string | undefined {
  try {
    return dirname(createRequire(join(folder, "from.js")).resolve(`${PACKAGE}/package.json`));
  } catch {
    return undefined;
  }
}

/** Where `npm install -g` puts modules, by what npm is told and by where Node is. */
function globalFolders(): string[] {
  const { npm_config_prefix, APPDATA, NODE_PATH } = process.env;
  const prefixes = [
    npm_config_prefix,
    prefixOf(join(homedir(), ".npmrc")),
    dirname(dirname(process.execPath)),
    "/usr/local",
    "/usr",
  ];
  const folders = prefixes.flatMap((prefix) =>
    prefix ? [join(prefix, "lib", "node_modules"), join(prefix, "node_modules")] : [],
  );
  const separator = process.platform === "win32" ? ";" : ":";
  return [
    ...folders,
    ...(APPDATA ? [join(APPDATA, "npm", "node_modules")] : []),
    ...(NODE_PATH?.split(separator) ?? []),
  ];
}

function prefixOf(npmrc: string): string | undefined {
  try {
    return /^prefix\s*=\s*(.+)$/m
      .exec(readFileSync(npmrc, "utf8"))?.[1]
      ?.trim()
      .replace(/^~(?=\/)|^\$\{HOME\}/, homedir());
  } catch {
    return undefined;
  }
}

/**
 * Loads tfjs-node from its folder. Its threads are those of the first time in a process.
 * @throws Error where it cannot be loaded: a library is missing, or was made for another system
 */
export function loadNodeBackend(path: string, threads: number): LoadedTensorFlow {
  const load = createRequire(join(path, "from.js"));
  // tfjs-node calls functions of `util` that Node 23 has no more: the first product would throw.
  const util = load("node:util") as OldUtil;
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  if (util.isArray === undefined || process.versions.node >= "22") util.isArray = (value) => Array.isArray(value);
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
  process.env.TF_NUM_INTRAOP_THREADS ??= String(threads);
  process.env.TF_NUM_INTEROP_THREADS ??= "1";
  const tf = load(path) as TensorFlow & { readonly version: Readonly<Record<string, string>> };
  return {
    tf,
    backend: "tfjs-node",
    version: tf.version["tfjs-node"] ?? tf.version["tfjs-core"] ?? "unknown",
    threads: Number(process.env.TF_NUM_INTRAOP_THREADS),
  };
}
