import { beforeEach, expect, test, vi } from "vitest";

import { confirmCost } from "../../src/editor/confirm-cost";
import type { Estimate } from "../../src/engine/api";
import { settings } from "../scoring/support";

const shown = vi.hoisted(() => ({ calls: [] as unknown[][], answer: undefined as string | undefined }));

vi.mock("vscode", () => ({
  window: {
    showInformationMessage: (...given: unknown[]) => {
      shown.calls.push(given);
      return Promise.resolve(shown.answer);
    },
  },
}));

beforeEach(() => {
  shown.calls.length = 0;
  shown.answer = undefined;
});

const cost = (seconds: [number, number], more: Partial<Estimate> = {}): Estimate => ({
  samples: 64,
  tokens: 30_000,
  seconds,
  memory: 5e8,
  leastMemory: 5e8,
  diskRead: 1,
  spilled: 0,
  ...more,
});

test.each([
  ["is not known to be long", null],
  ["is short", cost([5, 12])],
])("a run that %s begins without a question", async (_, of) => {
  expect(await confirmCost("Analyze a", of, settings, true)).toBe(settings);
  expect(shown.calls).toEqual([]);
});

test("a long one says how many samples it is of, and offers as many as take no longer than what nobody is asked about", async () => {
  shown.answer = "Start with 4 of Them";
  const agreed = await confirmCost("Analyze a", cost([100, 300]), settings, true);
  expect(shown.calls).toMatchInlineSnapshot(`
    [
      [
        "Analyze a?",
        {
          "detail": "It takes about 1 min 40 s to 5 min and 500 MB of memory for 64 samples of 30,000 tokens.
    It can be cancelled at any time.",
          "modal": true,
        },
        "Start",
        "Start with 4 of Them",
      ],
    ]
  `);
  expect(agreed).toEqual({ ...settings, maxSamples: 4 });
});

test("all of them, or none, as the user says", async () => {
  expect(await confirmCost("Analyze a", cost([100, 300]), settings, true)).toBeUndefined();
  shown.answer = "Start";
  expect(await confirmCost("Analyze a", cost([100, 300]), settings, true)).toBe(settings);
});

test.each([
  ["of one sample", cost([100, 300], { samples: 1 }), true],
  ["whose number is not bounded by the settings", cost([100, 300]), false],
  [
    "that is long for what is measured once",
    cost([100, 300], { once: { seconds: [90, 290], of: "typical texts" } }),
    true,
  ],
])("fewer are not offered of a run %s", async (_, of, takesFewer) => {
  await confirmCost("Analyze a", of, settings, takesFewer);
  expect(shown.calls[0]?.slice(2)).toEqual(["Start"]);
});
