import { setTimeout as sleep } from "node:timers/promises";

/** Chromium drops, without a word, what a page gives away after its tenth file of one second. */
const BETWEEN_FILES_MS = 110;
let last = 0;

/** Resolves when a page may give away its next file. */
export async function nextFile(): Promise<void> {
  const left = last + BETWEEN_FILES_MS - performance.now();
  if (left > 0) await sleep(left);
  last = performance.now();
}
