import type {
  LayerDone,
  Model,
  NeuronsPhase,
  Profile,
  RunEvent,
  RunOptions,
  RunPhase,
  RuntimeWish,
} from "../engine/api";
import { type Engine, loadEngine } from "./engine";
import { resolveModel } from "../engine/model/library/resolve";
import { defaults } from "../engine/run/defaults";
import { type Outputs, refuseModelFiles } from "./check-outputs";
import { UsageError } from "./failure";
import type { RunFlags } from "./run-options";
import { type Screen } from "./terminal/screen";
import { formatDuration, formatShare } from "../format/numbers";
import { table } from "./terminal/table";

/**
 * Opens the model of a command, and closes it whatever happens.
 * @param outputs what the command writes: none of the model's files.
 */
export async function withModel<T>(
  name: string | undefined,
  outputs: Outputs,
  signal: AbortSignal,
  use: (model: Model, engine: Engine) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const path = await resolveModel(name);
  await refuseModelFiles(outputs, path);
  const engine = await loadEngine();
  const model = await engine.openModel(path);
  try {
    return await use(model, engine);
  } finally {
    await model.close();
  }
}

export function runOptions(
  flags: RunFlags,
  model: Model,
  engine: Engine,
  signal: AbortSignal,
  target = targetOf(flags) ?? defaults.target,
): RunOptions {
  return {
    ...(flags.deep && { deep: flags.deep }),
    model,
    target: engine.parseTarget(target, model.tokenizer),
    memory: flags.memory,
    ...runtimeWish(flags),
    signal,
  };
}

/** The target as the flags say it. */
export function targetOf({ target, answer }: Pick<RunFlags, "target" | "answer">): string | undefined {
  if (answer === undefined) return target;
  if (answer === "")
    throw new UsageError(
      "The text of --answer is empty",
      "Write one, or --target answer for what the model goes on with.",
    );
  if (target === undefined || target === "answer") return `answer:${answer}`;
  throw new UsageError(`--answer asks for the target answer, and --target for ${target}`, "Leave one of them out.");
}

/** What a command's run may be doing. */
export type CommandPhase = RunPhase | NeuronsPhase;

/** Where tfjs-node is installed, as the environment says: it is the same for every run. */
export function tensorflowFolder(): string | undefined {
  const folder = process.env.PARAMSCOPE_TENSORFLOW;
  return folder === "" ? undefined : folder;
}

export function runtimeWish({
  runtime,
  provider,
  threads,
}: Pick<RunFlags, "runtime" | "provider" | "threads">): RuntimeWish {
  return { runtime, provider, threads, tensorflowFolder: tensorflowFolder() };
}

/** Follows a run to its end: progress on the screen, and each layer as it is done. */
export async function follow<Result>(
  run: AsyncGenerator<RunEvent<Result, CommandPhase>, void, void>,
  screen: Screen,
  signal: AbortSignal,
  onLayer: (layer: LayerDone) => void,
): Promise<Result> {
  let result: { readonly value: Result } | undefined;
  try {
    for await (const event of run) {
      switch (event.type) {
        case "progress":
          screen.progress({ what: progressText(event), share: event.share, secondsLeft: event.secondsLeft });
          break;
        case "layer":
          onLayer(event);
          break;
        case "done":
          result = { value: event.result };
      }
    }
  } finally {
    screen.clearProgress();
  }
  signal.throwIfAborted();
  if (result === undefined) throw new Error("the run ended without a result");
  return result.value;
}

type ProgressEvent = Extract<RunEvent<unknown, CommandPhase>, { type: "progress" }>;

function progressText(event: ProgressEvent): string {
  return event.calibration === undefined ? phaseText(event) : `${event.calibration}: ${phaseText(event)}`;
}

function phaseText({ of, phase, done, layers }: ProgressEvent): string {
  if (of === "positions") return "moving through the text";
  if (of !== undefined) return `measuring ${of}, once for this model`;
  switch (phase) {
    case "forward":
      return `reading the text: layer ${done} of ${layers}`;
    case "head":
      return "predicting";
    case "backward":
      return `scoring: layer ${done} of ${layers}`;
    case "patch":
      return `patching: layer ${done} of ${layers}`;
    case "prune":
      return `pruning: layer ${done} of ${layers}`;
    case "evaluate":
      return `evaluating: layer ${done} of ${layers}`;
    case "answer":
      return `answering: question ${done} of ${layers}`;
    case "write":
      return "writing the model";
    case "deactivate":
      return `deactivating neurons: layer ${done} of ${layers}`;
    case "continue":
      return `writing on: token ${done} of ${layers}`;
  }
}

/** Where the time of a run went, a line per part, the longest first. */
export function profileLines(profile: Profile): string[] {
  const total = [...profile.values()].reduce((sum, seconds) => sum + seconds, 0);
  const rows = [...profile]
    .sort(([, a], [, b]) => b - a)
    .map(([name, seconds]) => [name, formatDuration(seconds), formatShare(total > 0 ? seconds / total : 0)]);
  return table([{ title: "part", align: "left" }, { title: "time" }, { title: "share" }], rows, (_, text) => text);
}
