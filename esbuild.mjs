/**
 * Builds dist/: the `paramscope` command and the extension with all that they need, so that neither has dependencies to
 * install.
 *   node esbuild.mjs           the command with its thread, the extension, its scoring process, its webviews, and the ONNX runtimes of all platforms
 *   node esbuild.mjs --bench   also dist/bench.cjs and dist/bench-extension.mjs
 *   node esbuild.mjs --fuzz    also dist/fuzz.cjs
 */
import { build } from "esbuild";
import { existsSync } from "node:fs";
import { chmod, copyFile, constants, mkdir, readFile, readdir, rename, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { esbuildKernels } from "./scripts/kernels.mjs";
import { thirdPartyNotices } from "./scripts/notices.mjs";

const runtime = "node_modules/onnxruntime-node";

/**
 * What the CPU provider needs. onnxruntime-node also carries DirectML, the shader compiler of WebGPU (both loaded on demand
 * only) and a second copy of the macOS library under its full version.
 */
const runtimeFile = /^(onnxruntime_binding\.node|libonnxruntime\.so\.1|libonnxruntime\.1\.dylib|onnxruntime\.dll)$/;

/** The binding looks for its native part by platform: that stays a `require` at run time, of the copies in dist/onnxruntime. */
const nativeBinding = {
  name: "native-binding",
  setup({ onLoad }) {
    onLoad({ filter: /onnxruntime-node[\\/]dist[\\/]binding\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const contents = source.replace("require(`../bin/napi-v6/", "require(`${__dirname}/onnxruntime/");
      if (contents === source)
        throw new Error("onnxruntime-node loads its native part in another way: adapt esbuild.mjs.");
      return { contents, loader: "js" };
    });
  },
};

const wasm = "node_modules/@tensorflow/tfjs-backend-wasm/wasm-out";
const wasmFile = "tfjs-backend-wasm-threaded-simd";

/** protobufjs asks for `long` if it happens to be installed, as beside the repository's builds, and not beside packed ones: sizes of graphs are small, and no build has it. */
const noLong = {
  name: "no-long",
  setup({ onLoad }) {
    onLoad({ filter: /@protobufjs[\\/]inquire[\\/]index\.js$/ }, () => ({
      contents: "module.exports = () => null;",
      loader: "js",
    }));
  },
};

/** TensorFlow.js is a file of its own, which is loaded where it runs. */
const tensorflow = {
  name: "tensorflow",
  setup({ onResolve }) {
    onResolve({ filter: /\/wasm-backend$/ }, () => ({ path: "./tensorflow/wasm-backend.cjs", external: true }));
  },
};

/** The WebAssembly of TensorFlow.js, and its glue code: as many threads as the caller wants, in the place of 8 of half the cores. */
async function copyWasm() {
  await mkdir("dist/tensorflow", { recursive: true });
  let glue = await readFile(join(wasm, `${wasmFile}.js`), "utf8");
  for (const [theirs, ours] of [
    ["pthreadPoolSize=8", 'pthreadPoolSize=Module["workers"]'],
    ['require("os").cpus().length', 'Module["logicalCores"]'],
  ]) {
    if (!glue.includes(theirs))
      throw new Error("tfjs-backend-wasm chooses its threads in another way: adapt esbuild.mjs.");
    glue = glue.replace(theirs, ours);
  }
  const { wasmWorkerContents } = createRequire(import.meta.url)(`./${wasm}/${wasmFile}.worker.js`);
  await Promise.all([
    whole(`tensorflow/${wasmFile}.js`, glue),
    whole(`tensorflow/${wasmFile}.worker.js`, wasmWorkerContents.replaceAll("\n", "\\n")),
    whole(`tensorflow/${wasmFile}.wasm`, await readFile(join(wasm, `${wasmFile}.wasm`))),
  ]);
}

async function whole(name, contents) {
  const writing = `dist/${name}.new`;
  await writeFile(writing, contents);
  await rename(writing, `dist/${name}`);
}

async function copyRuntimes() {
  const from = join(runtime, "bin/napi-v6");
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && runtimeFile.test(entry.name));
  await Promise.all(
    files.map(async (entry) => {
      const source = join(entry.parentPath, entry.name);
      const target = join("dist/onnxruntime", source.slice(from.length));
      const [old, now] = await Promise.all([stat(target).catch(() => undefined), stat(source)]);
      if (old?.size === now.size && old.mtimeMs >= now.mtimeMs) return;
      await mkdir(dirname(target), { recursive: true });
      await copyFile(source, target, constants.COPYFILE_FICLONE);
    }),
  );
}

const common = {
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  minify: false,
  sourcemap: false,
  legalComments: "none",
  logLevel: "warning",
  plugins: [nativeBinding, noLong, tensorflow, esbuildKernels],
};

/**
 * Bundles one entry. Files are renamed at the end, so that each is there whole at any time, for tests that run meanwhile.
 * @returns the sources that are in it.
 */
async function bundle(name, entry, options) {
  const building = `dist/${dirname(name)}/.${basename(name)}`;
  const { metafile } = await build({ ...options, entryPoints: [entry], outfile: building, metafile: true });
  if (options.banner) await chmod(building, 0o755);
  for (const path of Object.keys(metafile.outputs)) {
    await rename(path, join(dirname(path), basename(path).slice(1)));
  }
  return metafile;
}

async function program(name, entry, options = {}) {
  // a program that is loaded with its kept code (src/compiled-code.ts) can only require
  const { inputs } = await bundle(name, entry, { ...common, supported: { "dynamic-import": false }, ...options });
  return Object.keys(inputs);
}

/** The bundle of one page: a script and a style sheet, `dist/webview/NAME.{js,css}`. */
async function page(name) {
  const entry = `webview/${name}/main.ts`;
  if (!existsSync(entry))
    throw new Error(`webview/${name} has no main.ts: every folder of webview but shared is a page.`);
  const { inputs, outputs } = await bundle(`webview/${name}.js`, entry, {
    bundle: true,
    platform: "browser",
    loader: { ".woff2": "base64" },
    target: "chrome128",
    format: "iife",
    minify: true,
    legalComments: "none",
    logLevel: "warning",
  });
  if (!Object.keys(outputs).some((path) => path.endsWith(".css")))
    throw new Error(`${entry} imports no style sheet: a page is served with one of its own.`);
  return Object.keys(inputs);
}

/** Every folder of `webview` is a page, but what they share. */
async function pages() {
  const entries = await readdir("webview", { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory() && entry.name !== "shared").map(({ name }) => name);
  return (await Promise.all(names.map(page))).flat();
}

const inputs = await Promise.all([
  program("cli.cjs", "src/cli.ts", { banner: { js: "#!/usr/bin/env node" } }),
  // it is read whole at every start
  program("command.cjs", "src/command.ts", { minify: true }),
  program("worker.cjs", "src/worker.ts"),
  program("tensorflow/wasm-backend.cjs", "src/engine/runtime/tensorflow/wasm-backend.ts", { minify: true }),
  program("extension.cjs", "src/extension.ts", { external: ["vscode"], minify: true }),
  pages(),
  process.argv.includes("--bench") && build({ ...common, entryPoints: ["bench/bench.ts"], outfile: "dist/bench.cjs" }),
  process.argv.includes("--bench") &&
    build({
      ...common,
      format: "esm",
      packages: "external",
      entryPoints: ["bench/extension/bench.ts"],
      outfile: "dist/bench-extension.mjs",
    }),
  process.argv.includes("--fuzz") &&
    build({
      ...common,
      // of the helpers of tests, which find their data from where they are
      define: { "import.meta.url": JSON.stringify(pathToFileURL(resolve("test/engine/support/fixtures.ts")).href) },
      entryPoints: ["test/fuzz/fuzz.ts"],
      outfile: "dist/fuzz.cjs",
    }),
  copyRuntimes(),
  copyWasm(),
]);
await writeFile("dist/THIRD-PARTY-NOTICES.txt", await thirdPartyNotices(inputs.filter(Array.isArray).flat()));
