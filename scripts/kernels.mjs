/**
 * `import bytes from "./kernels/NAME.wasm"` gives what `kernels/NAME.ts` compiles to: a plugin for each of the two bundlers that
 * the project is built and tested with.
 */
import asc from "assemblyscript/asc";
import { Buffer } from "node:buffer";
import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";

const imported = /^\..*\/kernels\/[^/]+\.wasm$/;
const sourceOf = (path) => path.replace(/\.wasm$/, ".ts");

/** @throws Error with what the compiler said of the source. */
async function compiled(source) {
  let bytes;
  const options = ["-O3", "--runtime", "stub", "--enable", "simd", "--importMemory", "--noExportMemory", "--noAssert"];
  const { error, stderr } = await asc.main([basename(source), "--outFile", "out.wasm", ...options], {
    readFile: (name) => readFile(resolve(dirname(source), name), "utf8").catch(() => null),
    writeFile: (_, contents) => void (bytes = Buffer.from(contents)),
    listFiles: () => [],
  });
  if (error) throw new Error(`${source}: ${stderr.toString()}`, { cause: error });
  return bytes;
}

export const esbuildKernels = {
  name: "kernels",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: imported }, ({ path, resolveDir }) => ({
      path: sourceOf(resolve(resolveDir, path)),
      namespace: "kernels",
    }));
    onLoad({ filter: /.*/, namespace: "kernels" }, async ({ path }) => ({
      contents: await compiled(path),
      loader: "binary",
      watchFiles: [path],
    }));
  },
};

export const viteKernels = {
  name: "kernels",
  enforce: "pre",
  resolveId: (path, importer) =>
    imported.test(path) ? `\0kernels:${sourceOf(resolve(dirname(importer), path))}` : undefined,
  async load(id) {
    if (!id.startsWith("\0kernels:")) return undefined;
    const bytes = await compiled(id.slice("\0kernels:".length));
    return `export default Uint8Array.from(atob("${bytes.toString("base64")}"), (c) => c.charCodeAt(0))`;
  },
};
