/**
 * `npm run package [-- --target linux-x64|…|universal]`: the extension as paramscope-TARGET-VERSION.vsix, by default for
 * this machine's platform.
 *
 * It is packed from a copy, because vsce takes either `.vscodeignore` or package.json's "files", and the latter is npm's.
 */
import { createVSIX } from "@vscode/vsce";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";

/** How the bundled model was made is in the repository, and is of no use to who runs it. */
const notShipped = ["models/demo/train.py", "models/demo/training.json"];

/** ONNX Runtime has no binary for those of the second line: they have TensorFlow.js alone. */
const platforms = ["linux-x64", "linux-arm64", "win32-x64", "win32-arm64", "darwin-arm64"];
const withoutOnnx = ["darwin-x64", "alpine-x64", "alpine-arm64"];
const shipped = ["dist", "media", "models", "samples", "README.md", "LICENSE", "CHANGELOG.md", ".vscodeignore"];

const { values } = parseArgs({
  options: { target: { type: "string", default: `${process.platform}-${process.arch}` } },
});
const { target } = values;
const targets = [...platforms, ...withoutOnnx, "universal"];
if (!targets.includes(target))
  throw new Error(`There is no package for ${target}: choose one of ${targets.join(", ")}.`);

const manifest = JSON.parse(await readFile("package.json", "utf8"));
/** What npm needs and the editor does not. */
const ofNpm = ["files", "bin", "scripts", "devDependencies"];
const extension = Object.fromEntries(Object.entries(manifest).filter(([key]) => !ofNpm.includes(key)));
const packagePath = resolve(`paramscope-${target}-${manifest.version}.vsix`);

const copy = await mkdtemp(join(tmpdir(), "paramscope-package-"));
try {
  for (const name of shipped) await cp(name, join(copy, name), { recursive: true, filter: isForTarget });
  await writeFile(join(copy, "package.json"), JSON.stringify(extension, undefined, 2));
  await createVSIX({
    cwd: copy,
    packagePath,
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
    ...(target !== "universal" && { target }),
  });
} finally {
  await rm(copy, { recursive: true });
}

/** Of the ONNX runtimes, `dist/onnxruntime/PLATFORM/ARCHITECTURE/`, the target's own. */
function isForTarget(source) {
  if (notShipped.includes(relative(".", source).replaceAll("\\", "/"))) return false;
  const [, runtimes, platform, architecture] = relative(".", source).split(/[/\\]/);
  if (target === "universal" || runtimes !== "onnxruntime" || platform === undefined) return true;
  return (
    target === (architecture === undefined ? `${platform}-${target.split("-")[1]}` : `${platform}-${architecture}`)
  );
}
