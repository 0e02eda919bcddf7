import { describe, expect, test } from "vitest";

import { openModel } from "../../../src/engine/model/model";
import { formSamples } from "../../../src/engine/text/form-samples";
import { demoModel } from "../support/reference";

const sentences = "The mill stood by the river for years. Nobody knew who had built it! It fell in a storm. ".repeat(
  12,
);
const lines = "first entry of the long list\nsecond entry of the same list\nthird\n".repeat(20);
const words = "one two three four five six seven eight nine ten eleven twelve ".repeat(20);

describe("windows of a long text", () => {
  test.each([
    ["end with a sentence", sentences, /[.!?]$/],
    ["end with a line", lines, /\n$/],
    [
      "end with a word where there is neither",
      words,
      /(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)$/,
    ],
  ])("%s, and lose nothing", async (_, text, ending) => {
    const model = await openModel(demoModel);
    const { samples, windowsSkipped } = formSamples([{ source: "x", text }], model.tokenizer, {
      window: 40,
      maxSamples: 1000,
      context: model.context,
    });
    await model.close();
    expect(samples.length).toBeGreaterThan(3);
    for (const sample of samples.slice(0, -1)) {
      expect(sample.text.trimStart()).toMatch(ending);
      expect(sample.ids.length).toBeLessThanOrEqual(40);
      expect(text.slice(sample.offset, sample.offset + sample.text.length)).toBe(sample.text);
    }
    const covered = samples.map(({ text: own }) => own).join("");
    if (windowsSkipped === 0) expect(covered).toBe(text);
    else expect(text.startsWith(covered)).toBe(true);
  });

  test("are full where nothing ends", async () => {
    const model = await openModel(demoModel);
    const text = "x".repeat(2000);
    const options = { window: 40, maxSamples: 1000, context: model.context };
    const { samples } = formSamples([{ source: "x", text }], model.tokenizer, options);
    await model.close();
    for (const { ids } of samples.slice(0, -1)) expect(ids.length).toBe(40);
  });
});
