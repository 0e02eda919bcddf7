import type { Estimate } from "../engine/api";
import { formatBytes } from "../engine/numbers/bytes";
import { formatDuration } from "../format/numbers";
import { showInformation } from "./said";

/** A run that may take longer than this is asked about first. */
const LONG_SECONDS = 20;

/** Whether to go on with a run: asks, with the estimate, when it is long or keeps part of its state on disk. */
export async function confirmCost(what: string, cost: Estimate | null, memory: number | undefined): Promise<boolean> {
  if (cost === null) return true;
  const [low, high] = cost.seconds;
  const overMemory = memory !== undefined && cost.memory > memory;
  if (high <= LONG_SECONDS && !overMemory) return true;
  const detail = [
    `It takes about ${formatDuration(low)} to ${formatDuration(high)} and ${formatBytes(cost.memory)} of memory.`,
    cost.spilled > 0 ? `${formatBytes(cost.spilled)} are kept in a temporary file meanwhile.` : "",
    "It can be cancelled at any time.",
  ];
  const options = { modal: true, detail: detail.filter((line) => line !== "").join("\n") };
  return (await showInformation(`${what}?`, options, "Start")) === "Start";
}
