import type { Estimate } from "../engine/api";
import { formatBytes } from "../engine/numbers/bytes";
import { formatCount, formatDuration } from "../format/numbers";
import type { RunSettings } from "../wire/protocol";
import { showInformation } from "./said";

/** A run that may take longer than this is asked about first. */
const LONG_SECONDS = 20;

/**
 * What to go on with: a run that is long, or keeps part of its state on disk, is asked about, with its estimate; undefined where the user does not want it.
 * @param takesFewer whether it may be done with fewer samples, whose number the settings bound: then that is offered.
 */
export async function confirmCost(
  what: string,
  cost: Estimate | null,
  settings: RunSettings,
  takesFewer = false,
): Promise<RunSettings | undefined> {
  if (cost === null) return settings;
  const [low, high] = cost.seconds;
  const overMemory = settings.memory !== undefined && cost.memory > settings.memory;
  if (high <= LONG_SECONDS && !overMemory) return settings;
  const fewer = takesFewer ? shortNumber(cost) : undefined;
  const samples =
    takesFewer && cost.samples > 1
      ? ` for ${formatCount(cost.samples)} samples of ${formatCount(cost.tokens)} tokens`
      : "";
  const detail = [
    `It takes about ${formatDuration(low)} to ${formatDuration(high)} and ${formatBytes(cost.memory)} of memory${samples}.`,
    cost.spilled > 0 ? `${formatBytes(cost.spilled)} are kept in a temporary file meanwhile.` : "",
    "It can be cancelled at any time.",
  ];
  const options = { modal: true, detail: detail.filter((line) => line !== "").join("\n") };
  const less = fewer === undefined ? [] : [`Start with ${formatCount(fewer)} of Them`];
  const answer = await showInformation(`${what}?`, options, "Start", ...less);
  if (answer === undefined) return undefined;
  return answer === "Start" || fewer === undefined ? settings : { ...settings, maxSamples: fewer };
}

/** So many samples, a power of two, as are analysed in the time that nobody is asked about; undefined where that is all of them. */
function shortNumber({ samples, seconds: [, high], once }: Estimate): number | undefined {
  const own = high - (once?.seconds[1] ?? 0);
  const fit = Math.max(1, (samples * LONG_SECONDS) / own);
  const fewer = 2 ** Math.floor(Math.log2(fit));
  return fewer < samples ? fewer : undefined;
}
