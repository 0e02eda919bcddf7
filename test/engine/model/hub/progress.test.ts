import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type DownloadProgress, ProgressMeter } from "../../../../src/engine/model/hub/progress";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});

afterEach(() => {
  vi.useRealTimers();
});

test("reports now and then, says how long it will take, and follows the speed", () => {
  const reports: DownloadProgress[] = [];
  const meter = new ProgressMeter(1_000_000, (progress) => reports.push(progress));
  meter.add("a", 100_000, "checking");
  const unknown = { bytesPerSecond: undefined, secondsLeft: undefined };
  expect(reports).toEqual([{ phase: "checking", file: "a", done: 100_000, total: 1_000_000, ...unknown }]);
  for (let step = 0; step < 40; step++) {
    vi.advanceTimersByTime(50);
    meter.add("a", 5_000, "downloading");
  }
  expect(reports.length).toBeLessThan(25);
  expect(reports.at(-1)).toMatchObject({ done: 300_000 });
  expect(reports.at(-1)?.secondsLeft).toBeCloseTo(7, 0);
  expect((reports.at(-1)?.bytesPerSecond ?? 0) / 100_000).toBeCloseTo(1, 1);
  for (let step = 0; step < 30; step++) {
    vi.advanceTimersByTime(1_000);
    meter.add("a", 10_000, "downloading");
  }
  expect(reports.at(-1)?.secondsLeft).toBeCloseTo(40, 0);
  meter.add("a", -600_000, "downloading");
  vi.advanceTimersByTime(1_000);
  meter.add("b", 1_000_000, "downloading");
  expect(reports.at(-1)).toMatchObject({ file: "b", done: 1_000_000, secondsLeft: 0 });
});
