/**
 * Builds dist/: the `paramscope` command and the extension with all that they need, so that neither has dependencies to
 * install.
 *   node esbuild.mjs           the command, the extension, its scoring process, its webviews, and the ONNX runtimes of all platforms
 *   node esbuild.mjs --bench   also dist/bench.cjs and dist/bench-extension.mjs
 */
import { build } from "esbuild";
import { existsSync } from "node:fs";
import { chmod, copyFile, constants, mkdir, readFile, readdir, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
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
  plugins: [nativeBinding],
};

/** Files are renamed at the end, so that each is there whole at any time, for tests that run meanwhile. */
async function program(name, entry, options = {}) {
  const building = `dist/.${name}`;
  const { metafile } = await build({
    ...common,
    entryPoints: [entry],
    outfile: building,
    metafile: true,
    ...options,
  });
  if (options.banner) await chmod(building, 0o755);
  await rename(building, `dist/${name}`);
  return Object.keys(metafile.inputs);
}

/** The bundle of one webview: a script and a style sheet, `dist/webview/NAME.{js,css}`. */
async function webview(name) {
  const entry = `webview/${name}/main.ts`;
  if (!existsSync(entry)) return [];
  const { metafile } = await build({
    bundle: true,
    entryPoints: { [name]: entry },
    outdir: "dist/webview",
    platform: "browser",
    target: "chrome128",
    format: "iife",
    minify: true,
    legalComments: "none",
    logLevel: "warning",
    metafile: true,
  });
  return Object.keys(metafile.inputs);
}

const inputs = await Promise.all([
  program("cli.cjs", "src/cli.ts", { banner: { js: "#!/usr/bin/env node" } }),
  program("worker.cjs", "src/worker.ts"),
  program("extension.cjs", "src/extension.ts", { external: ["vscode"], minify: true }),
  webview("analysis"),
  webview("comparison"),
  webview("pairs"),
  webview("patching"),
  webview("domains"),
  webview("frequency"),
  webview("pruning"),
  webview("preview"),
  process.argv.includes("--bench") && build({ ...common, entryPoints: ["bench/bench.ts"], outfile: "dist/bench.cjs" }),
  process.argv.includes("--bench") &&
    build({
      ...common,
      format: "esm",
      packages: "external",
      entryPoints: ["bench/extension/bench.ts"],
      outfile: "dist/bench-extension.mjs",
    }),
  copyRuntimes(),
]);
await writeFile("dist/THIRD-PARTY-NOTICES.txt", await thirdPartyNotices(inputs.filter(Array.isArray).flat()));
