/**
 * `import wasm from "./kernels/NAME.wasm"` gives what `kernels/NAME.ts` compiles to: a plugin for each of the two bundlers that
 * the project is built and tested with. `NAME.d.wasm.ts` declares to TypeScript what it exports.
 */
import asc from "assemblyscript/asc";
import { Buffer } from "node:buffer";
import { readFile } from "node:fs/promises";
import { basename, dirname, relative, resolve, sep } from "node:path";

const imported = /^\..*\/kernels\/[^/]+\.wasm$/;
const sourceOf = (path) => path.replace(/\.wasm$/, ".ts");

/**
 * The files that the compiler makes of a source, by their names.
 * @throws Error with what the compiler said of the source.
 */
async function compiled(source, ...more) {
  const files = new Map();
  const options = ["-O3", "--runtime", "stub", "--enable", "simd", "--importMemory", "--noExportMemory", "--noAssert"];
  const { error, stderr } = await asc.main([basename(source), "--outFile", "out.wasm", ...options, ...more], {
    readFile: (name) => readFile(resolve(dirname(source), name), "utf8").catch(() => null),
    writeFile: (name, contents) => void files.set(name, contents),
    listFiles: () => [],
  });
  if (error) throw new Error(`${source}: ${stderr.toString()}`, { cause: error });
  return files;
}

const bytesOf = async (source) => Buffer.from((await compiled(source)).get("out.wasm"));

/** The TypeScript declaration of `./NAME.wasm` beside its source, from the signatures that the compiler gives. */
export async function declarationOf(source) {
  const bindings = (await compiled(source, "--bindings", "raw")).get("out.d.ts");
  const exported = /^declare namespace __AdaptedExports \{\n([^]*?)^\}/m.exec(bindings)?.[1];
  if (exported === undefined) throw new Error(`${source}: the compiler writes its declarations otherwise now`);
  const loader = relative(dirname(resolve(source)), resolve("src/engine/wasm/load-kernels")).replaceAll(sep, "/");
  return `/* What ${basename(source)} compiles to, written by test/engine/wasm/declarations.test.ts (\`vitest run -u\`). */
import type { KernelBytes } from "${loader}";

export interface Kernels {
${exported
  .replaceAll(/^ {2}export function (\w+)(\(.*\)): (\w+);$/gm, "  readonly $1: $2 => $3;")
  // the compiler's bindings would make booleans of them, and we call what is exported itself
  .replaceAll("=> boolean;", "=> 0 | 1;")}}

declare const wasm: KernelBytes<Kernels>;
export default wasm;
`;
}

export const esbuildKernels = {
  name: "kernels",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: imported }, ({ path, resolveDir }) => ({
      path: sourceOf(resolve(resolveDir, path)),
      namespace: "kernels",
    }));
    onLoad({ filter: /.*/, namespace: "kernels" }, async ({ path }) => ({
      contents: await bytesOf(path),
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
    const bytes = await bytesOf(id.slice("\0kernels:".length));
    return `export default Uint8Array.from(atob("${bytes.toString("base64")}"), (c) => c.charCodeAt(0))`;
  },
};
