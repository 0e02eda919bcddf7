import type { Estimate } from "../../engine/api";
import { formatBytes } from "../../engine/numbers/bytes";
import { formatCount, formatDuration } from "../../format/numbers";

/** What a run would cost. */
export function estimateLines(
  cost: Estimate & {
    readonly command: string;
    readonly model: string;
    readonly samples: number;
    readonly tokens: number;
  },
): string[] {
  const { once } = cost;
  const first = once ? `, ${range(once.seconds)} of it to measure ${once.of}, once` : "";
  const samples = cost.samples === 1 ? "1 sample" : `${formatCount(cost.samples)} samples`;
  const spilled = cost.spilled > 0 ? `, ${formatBytes(cost.spilled)} to keep in a temporary file` : "";
  return [
    `${cost.command} · ${cost.model} · ${samples}, ${formatCount(cost.tokens)} tokens`,
    `time    ${range(cost.seconds)}${first}`,
    `memory  ${formatBytes(cost.memory)} (it can be done with ${formatBytes(cost.leastMemory)})`,
    `disk    ${cost.diskReadAtMost ? "up to " : ""}${formatBytes(cost.diskRead)} to read${spilled}`,
    ...(cost.notes ?? []),
  ];
}

function range(seconds: readonly [number, number]): string {
  const [low, high] = seconds.map(formatDuration);
  return low === high ? String(low) : `${low} to ${high}`;
}
