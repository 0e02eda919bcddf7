import { Interrupted, UsageError } from "../failure";
import { downloadedModels } from "../../engine/model/library/folders";
import { formatBytes } from "../../engine/numbers/bytes";
import { Screen } from "../terminal/screen";

/** `paramscope models get ID`: downloads a model into the models folder. */
export async function getModel(id: string, quiet: boolean, signal: AbortSignal): Promise<void> {
  const { downloadModel, formatModelId, hubSettings, parseModelId, proxyFetch } =
    await import("../../engine/model/hub");
  const name = formatModelId(parseId(() => parseModelId(id)));
  const screen = new Screen(quiet);
  try {
    const model = await downloadModel(name, {
      ...hubSettings(process.env),
      fetch: proxyFetch(process.env),
      folder: downloadedModels(),
      signal,
      onProgress: ({ phase, file, done, total, secondsLeft }) => {
        const what = `${phase === "checking" ? "checking " : ""}${file} · ${formatBytes(done)} of ${formatBytes(total)}`;
        screen.progress({ what, share: total > 0 ? done / total : 0, secondsLeft });
      },
    });
    screen.clearProgress();
    screen.print([
      model.wasThere
        ? `${model.id} is there already: ${model.path}`
        : `Downloaded ${model.id} (${formatBytes(model.bytes)}) to ${model.path}`,
      `Try: paramscope analyze FILE --model ${model.id}`,
    ]);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Interrupted(
      "Stopped by you",
      `What has come so far is kept: \`paramscope models get ${name}\` goes on from there.`,
      { cause: error },
    );
  } finally {
    screen.clearProgress();
  }
}

/** A malformed id is wrong usage. */
function parseId<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new UsageError(error.message, "Write owner/name, or owner/name:file.gguf.", { cause: error });
  }
}
