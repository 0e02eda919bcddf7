import type { DownloadProgress } from "../engine/model/hub/progress";
import { formatBytes } from "../engine/numbers/bytes";
import { formatDuration } from "./numbers";

/** `40 MB of 271 MB · 3.2 MB/s · 1 min 12 s left` */
export function downloadWords({ phase, done, total, bytesPerSecond, secondsLeft }: DownloadProgress): string {
  const amount = `${formatBytes(done)} of ${formatBytes(total)}`;
  if (phase === "checking") return `checking what is there, ${amount}`;
  const speed = bytesPerSecond === undefined ? [] : [`${formatBytes(bytesPerSecond)}/s`];
  const left = secondsLeft === undefined ? [] : [`${formatDuration(Math.max(1, Math.round(secondsLeft)))} left`];
  return [amount, ...speed, ...left].join(" · ");
}
