import { rmSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished } from "vitest";

const STEADY_MILLISECONDS = 300;

/**
 * Whether a file is there and has all of its content: VS Code makes it first, empty, and writes it a piece at a time, so that
 * one whose size still changes is not written yet.
 */
export async function isWritten(path: string): Promise<boolean> {
  const before = sizeOf(path);
  if (before === 0) return false;
  await sleep(STEADY_MILLISECONDS);
  return sizeOf(path) === before;
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Of the test that calls this, however it ends: the name of what it writes may have that of another in it, which others look for. */
export function removeAfterwards(path: string): void {
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
}

/** Does something that puts another file in the place of one, and waits until that is there: what says so may be said of the first one still. */
export async function replacing(path: string, replace: () => Promise<void>): Promise<void> {
  const { ino } = statSync(path);
  await replace();
  await expect.poll(() => statSync(path, { throwIfNoEntry: false })?.ino ?? ino).not.toBe(ino);
}
