import { afterAll, expect, test } from "vitest";

import type { FrequencyDocument } from "../../src/engine/document/document";
import { paramscope } from "../cli/session";
import { frequencyOf, sample, settings, startClient } from "./support";

const { client } = startClient();

afterAll(() => client.dispose());

const names = ["fiction/harbour.txt", "math/cyclists.txt"];
const short = { ...settings, window: 16, maxSamples: 4 };

test("weights are counted as on the command line", async () => {
  const document = await client.run(frequencyOf({ texts: names.map(sample), settings: short }));
  const files = names.map((name) => `samples/${name}`);
  const options = ["--frequency", "--window", "16", "--max-samples", "4", "--json"];
  const expected = JSON.parse((await paramscope(["analyze", ...files, ...options])).stdout) as FrequencyDocument;
  expect(document.samples).toBe(4);
  expect(document.layers).toEqual(expected.layers);
  expect(document.share).toBe(expected.share);
});

test("an absolute threshold is refused: a top set is a share", async () => {
  const threshold = { mode: "absolute", tau: 1e-6 } as const;
  await expect(
    client.run(frequencyOf({ texts: names.map(sample), settings: { ...short, threshold } })),
  ).rejects.toMatchObject({ kind: "user", message: expect.stringContaining("share of each matrix") as string });
});
