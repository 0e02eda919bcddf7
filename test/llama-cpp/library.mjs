import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * What calls functions of libraries.
 * @param {string} folder that install.sh made
 */
export async function koffiOf(folder) {
  return (await import(pathToFileURL(join(folder, "node_modules/koffi/index.js")).href)).default;
}

/**
 * One of llama.cpp's own libraries.
 * @param {string} folder that install.sh made
 * @param {string} name as in `ggml-base`
 */
export async function library(folder, name) {
  const packages = join(folder, "node_modules/@node-llama-cpp");
  const [platform] = readdirSync(packages);
  const binaries = join(packages, platform, "bins", platform);
  const file = readdirSync(binaries).find((one) => one.startsWith(`lib${name}.`));
  return (await koffiOf(folder)).load(join(binaries, file));
}
