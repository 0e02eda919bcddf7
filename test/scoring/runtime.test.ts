import { afterAll, expect, test } from "vitest";

import { analysisOf, manyTexts, sample, settings, startClient } from "./support";

const { client } = startClient();

afterAll(() => client.dispose());

const tensorflow = { ...settings, runtime: "tensorflow", window: 32 } as const;

test("the setting decides what computes, and the result says what did", async () => {
  const document = await client.run(analysisOf({ texts: [sample("fiction/harbour.txt")], settings: tensorflow }));
  expect(document.run.runtime).toMatch(/^tensorflow \((wasm|tfjs-node)\)$/);
  expect(document.run.notes.filter((note) => note.includes("TensorFlow"))).toEqual([]);
});

test("a run of TensorFlow.js is cancelled without its process being killed", async () => {
  const abort = new AbortController();
  const { pid } = client;
  const started = { progress: () => abort.abort() };
  const running = client.run(
    analysisOf({ texts: manyTexts, settings: { ...tensorflow, window: 128 } }),
    started,
    abort.signal,
  );
  await expect(running).rejects.toMatchObject({ kind: "cancelled" });
  expect(client.pid).toBe(pid);
});
