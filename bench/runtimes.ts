import { elementAt } from "../src/engine/numbers/elements";
import { median } from "../src/engine/numbers/statistics";
import { findNodeBackend } from "../src/engine/runtime/tensorflow/load-node-backend";
import type { RuntimeWish } from "../src/engine/runtime/runtime";
import { measureRun, type MeasuredRun } from "./measure";
import type { PartRun } from "./part";
import { demoModel } from "./texts";

/** The same runs on every runtime, side by side: tfjs-node where it is installed, or where PARAMSCOPE_TENSORFLOW names its folder. */
export async function compareRuntimes({ report, real, rounds, progress }: PartRun): Promise<void> {
  const folder = process.env.PARAMSCOPE_TENSORFLOW;
  const native: (readonly [string, RuntimeWish])[] = [["ONNX Runtime", {}]];
  if (findNodeBackend(folder) === undefined) report.note("tfjs-node is not installed: it is not in the tables.");
  else native.push(["tfjs-node", { runtime: "tensorflow", backend: "tfjs-node", tensorflowFolder: folder }]);
  const all = [...native, ["WebAssembly", { runtime: "tensorflow", backend: "wasm" }] as const];

  const cases = [
    // WebAssembly would take a quarter of an hour for it
    ...(real === undefined
      ? []
      : [
          { title: "SmolLM2-135M (Q4_1): 16 texts of 128 tokens", path: real, texts: 16, tokens: 128, among: native },
          { title: "SmolLM2-135M (Q4_1): one text of 64 tokens", path: real, texts: 1, tokens: 64, among: all },
        ]),
    { title: "Bundled model: 16 texts of 128 tokens", path: demoModel, texts: 16, tokens: 128, among: all },
    { title: "Bundled model: one text of 256 tokens", path: demoModel, texts: 1, tokens: 256, among: all },
  ];
  for (const { title, among: runtimes, ...task } of cases) {
    const runs = new Map<string, MeasuredRun[]>();
    for (let round = 0; round < rounds; round++)
      for (const [name, wish] of runtimes) {
        progress(`${title}, ${name}, round ${round + 1} of ${rounds}`);
        runs.set(name, [...(runs.get(name) ?? []), await measureRun({ ...task, wish })]);
      }
    const [[first, reference] = ["", []]] = runs;
    const against = (own: readonly MeasuredRun[], figure: (run: MeasuredRun) => number): string =>
      `${median(own.map((run, i) => figure(run) / figure(elementAt(reference, i)))).toFixed(2)} x`;
    report.table(
      title,
      ["", "seconds", "processor seconds", "peak MiB", "time", "memory"],
      runtimes.map(([name]) => {
        const own = runs.get(name) ?? [];
        const figures = (figure: (run: MeasuredRun) => number, digits: number): string =>
          median(own.map(figure)).toFixed(digits);
        return [
          name,
          figures(({ seconds }) => seconds, 2),
          figures(({ processorSeconds }) => processorSeconds, 2),
          figures(({ peakMiB }) => peakMiB, 0),
          name === first ? "" : against(own, ({ seconds }) => seconds),
          name === first ? "" : against(own, ({ peakMiB }) => peakMiB),
        ];
      }),
    );
  }
}
