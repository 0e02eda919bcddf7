import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { AnalysisDocument } from "../../src/engine/document/document";
import type { DeviceCheck } from "../../src/engine/index";
import { tfjsNodeFolder } from "../engine/support/runtimes";

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built command as an installation of which something is missing has it. */
async function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return await new Promise((done) => {
    const options = { env: { ...process.env, XDG_CACHE_HOME: folder, ...env }, maxBuffer: 2 ** 24 };
    execFile(process.execPath, [program, ...args], options, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

const complete = resolve("dist/cli.cjs");
const analysis = ["analyze", "--text", "The cat sat on the mat.", "--json"];
const documentOf = ({ stdout }: Outcome): AnalysisDocument => JSON.parse(stdout) as AnalysisDocument;

let folder: string;
/** Without ONNX Runtime's libraries, as on a system that it has none for. */
let withoutOnnx: string;
/** Without WebAssembly's files too. */
let withoutBoth: string;
/** Where something is that calls itself tfjs-node and cannot be loaded. */
let broken: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-runtimes-"));
  const installation = async (name: string): Promise<string> => {
    const dist = join(folder, name, "dist");
    await mkdir(dist, { recursive: true });
    for (const part of ["cli.cjs", "command.cjs"]) await cp(resolve("dist", part), join(dist, part));
    for (const shared of ["models", "samples"]) await symlink(resolve(shared), join(folder, name, shared));
    return join(dist, "cli.cjs");
  };
  withoutOnnx = await installation("without-onnx");
  await cp(resolve("dist/tensorflow"), join(folder, "without-onnx/dist/tensorflow"), { recursive: true });
  withoutBoth = await installation("without-both");
  broken = join(folder, "broken");
  const library = join(broken, "node_modules/@tensorflow/tfjs-node");
  await mkdir(library, { recursive: true });
  await writeFile(join(library, "package.json"), '{ "name": "@tensorflow/tfjs-node", "main": "index.js" }');
  await writeFile(
    join(library, "index.js"),
    'throw new Error("libtensorflow.so.2: cannot open shared object file\\nRequire stack:\\n- somewhere");',
  );
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** How samples were formed, which no runtime has a part in. */
const settingsOf = (run: AnalysisDocument["run"]): Partial<AnalysisDocument["run"]> => ({
  ...run,
  runtime: "",
  threads: 0,
  seconds: 0,
  runtimeVersion: "",
  date: "",
  command: "",
  notes: [],
  runtimeNotes: undefined,
});

/** What must be the same whatever computed: all but time, runtime and its threads, and the last digits. */
function expectSameFigures(actual: AnalysisDocument, expected: AnalysisDocument): void {
  const { run: actualRun, ...figures } = actual;
  const { run: expectedRun, ...expectedFigures } = expected;
  expect(settingsOf(actualRun)).toEqual(settingsOf(expectedRun));
  expect(Object.keys(figures)).toEqual(Object.keys(expectedFigures));
  expect(figures.samples.map(({ tokens, targetToken }) => [tokens.map(({ id }) => id), targetToken])).toEqual(
    expectedFigures.samples.map(({ tokens, targetToken }) => [tokens.map(({ id }) => id), targetToken]),
  );
  figures.layers.forEach(({ modules, ...layer }, l) => {
    const { modules: expectedModules, ...expectedLayer } = expectedFigures.layers[l];
    expect(Object.keys(layer)).toEqual(Object.keys(expectedLayer));
    expect(Math.abs(layer.sum / expectedLayer.sum - 1)).toBeLessThan(1e-3);
    expect(Math.abs(layer.density - expectedLayer.density)).toBeLessThan(0.002);
    modules.forEach((module, m) => {
      expect(module.name).toBe(expectedModules[m].name);
      for (const figure of ["sum", "l2", "max"] as const)
        expect(Math.abs(module[figure] / expectedModules[m][figure] - 1)).toBeLessThan(1e-3);
    });
  });
}

describe("the runtimes say the same", () => {
  let onnx: AnalysisDocument;

  beforeAll(async () => {
    onnx = documentOf(await run(complete, analysis));
  });

  test("ONNX Runtime is what runs without a word", () => {
    expect(onnx.run).toMatchObject({ runtime: "onnx", notes: [] });
  });

  test("WebAssembly", async () => {
    const document = documentOf(
      await run(complete, [...analysis, "--runtime", "tensorflow"], { PARAMSCOPE_TENSORFLOW: "" }),
    );
    expect(document.run).toMatchObject({ runtime: "tensorflow (wasm)", notes: [] });
    expectSameFigures(document, onnx);
  });

  test.runIf(tfjsNodeFolder)("tfjs-node", async () => {
    const env = { PARAMSCOPE_TENSORFLOW: tfjsNodeFolder };
    const outcome = await run(complete, [...analysis, "--runtime", "tensorflow"], env);
    expect(outcome.stderr).toBe("");
    expect(documentOf(outcome).run).toMatchObject({ runtime: "tensorflow (tfjs-node)", notes: [] });
    expectSameFigures(documentOf(outcome), onnx);
  });

  test("an execution provider that this ONNX Runtime does not have: the processor, and why", async () => {
    const missing = process.platform === "win32" ? "coreml" : "dml";
    const document = documentOf(await run(complete, [...analysis, "--provider", missing]));
    expect(document.run.runtime).toBe("onnx");
    expect(document.run.notes).toEqual([
      expect.stringMatching(
        `^The execution provider ${missing} is not in this ONNX Runtime, which has cpu, .*: the run was on the processor.$`,
      ),
    ]);
    expectSameFigures(document, onnx);

    const saved = join(folder, "elsewhere.paramscope");
    await writeFile(saved, JSON.stringify(document));
    const again = await run(complete, ["compare", saved, saved, "--json"]);
    // what the saved run had to say of its runtime is not true of this one
    expect((JSON.parse(again.stdout) as AnalysisDocument).run.notes).toEqual([]);
  });

  test("a library that ONNX Runtime cannot load: TensorFlow.js by itself, and why", async () => {
    const outcome = await run(withoutOnnx, analysis, { PARAMSCOPE_TENSORFLOW: "" });
    expect(outcome.stderr).toBe("");
    const document = documentOf(outcome);
    expect(document.run.runtime).toBe("tensorflow (wasm)");
    expect(document.run.notes).toEqual([
      expect.stringMatching(
        /^ONNX Runtime could not be loaded \(Cannot find module .*\): TensorFlow\.js ran instead\.$/,
      ),
    ]);
    expectSameFigures(document, onnx);
  });

  test("a tfjs-node that cannot be loaded: WebAssembly, and why", async () => {
    const env = { PARAMSCOPE_TENSORFLOW: broken };
    const document = documentOf(await run(complete, [...analysis, "--runtime", "tensorflow"], env));
    expect(document.run.runtime).toBe("tensorflow (wasm)");
    expect(document.run.notes).toEqual([
      expect.stringMatching(
        /^tfjs-node in .* could not be loaded \(libtensorflow\.so\.2: cannot open shared object file\): TensorFlow\.js ran with WebAssembly\.$/,
      ),
    ]);
    expectSameFigures(document, onnx);
  });
});

describe("where nothing is left to run on: one line", () => {
  test.each<[string, () => string, readonly string[], RegExp]>([
    [
      "ONNX Runtime was asked for by name",
      () => withoutOnnx,
      ["--runtime", "onnx"],
      /^paramscope: ONNX Runtime could not be loaded \(Cannot find module [^\n]*\)\. Take the runtime tensorflow \(--runtime\)\.\n$/,
    ],
    [
      "WebAssembly's files are missing too",
      () => withoutBoth,
      [],
      /^paramscope: TensorFlow\.js with WebAssembly could not be loaded \(Cannot find module [^\n]*\)\. Install Paramscope again\.\n$/,
    ],
  ])("%s", async (_, program, options, line) => {
    const outcome = await run(program(), [...analysis, ...options], { PARAMSCOPE_TENSORFLOW: "" });
    expect([outcome.code, outcome.stdout]).toEqual([1, ""]);
    expect(outcome.stderr).toMatch(line);
  });
});

test("doctor says what works, and why the rest does not", async () => {
  const { code, stdout } = await run(complete, ["doctor", "--json"], { PARAMSCOPE_TENSORFLOW: broken });
  expect(code).toBe(0);
  const { devices, ...facts } = JSON.parse(stdout) as { devices: Record<string, DeviceCheck> } & Record<string, string>;
  expect(Object.keys(facts)).toEqual([
    "Paramscope",
    "Node.js",
    "processor",
    "instructions",
    "memory",
    "models",
    "cache",
  ]);
  for (const name of ["onnx cpu", "tensorflow wasm"]) {
    const check = devices[name];
    if (!check.works) throw new Error(check.why);
    expect(check.difference).toBeLessThan(1e-5);
    expect(check.flops).toBeGreaterThan(0);
  }
  expect(devices["tensorflow tfjs-node"]).toMatchObject({
    works: false,
    why: expect.stringContaining("libtensorflow.so.2") as string,
  });
});
