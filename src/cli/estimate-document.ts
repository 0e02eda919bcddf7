import { setImmediate } from "node:timers/promises";

import type { Estimate } from "../engine/api";
import { writeOut } from "./output";
import { estimateLines } from "./render/estimate";
import { runOptions, withModel } from "./run";
import type { CarryOut } from "./run-document";
import type { RunFlags } from "./run-options";
import { Screen } from "./terminal/screen";

/** An estimate as `--json` prints it. */
interface EstimateDocument extends Estimate {
  readonly format: "paramscope.estimate";
  readonly version: 1;
  readonly command: string;
  readonly model: string;
}

/** Says what a command would take, in its place. */
export const estimateDocument: CarryOut = async (
  flags,
  signal,
  { name, model: path = flags.model, target, estimate },
) => {
  await withModel(path, {}, signal, async (model, engine) => {
    const cost = await estimate(model, engine, runOptions(flags, model, engine, signal, target));
    await printEstimate(name, model.name, cost, flags, signal);
  });
};

export async function printEstimate(
  command: string,
  model: string,
  cost: Estimate,
  { json }: RunFlags,
  signal: AbortSignal,
): Promise<void> {
  // planning many texts is one turn, in which no signal arrives
  await setImmediate();
  signal.throwIfAborted();
  const document: EstimateDocument = { format: "paramscope.estimate", version: 1, command, model, ...cost };
  if (json) await writeOut(`${JSON.stringify(document)}\n`);
  else new Screen(false).print(estimateLines(document));
}
