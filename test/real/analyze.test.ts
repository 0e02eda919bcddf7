import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import type { AnalysisDocument } from "../../src/engine/document/document";
import { paramscope, repository } from "../cli/session";

const smollm2 = inject("smollm2");

describe.skipIf(smollm2 === "")("a real model from the command line", () => {
  test("a GGUF file is analysed, and its document adds up", async () => {
    const story = join(repository, "samples/fiction/harbour.txt");
    const { code, stdout, stderr } = await paramscope(["analyze", story, "--model", smollm2, "--json"]);
    expect([code, stderr]).toEqual([0, ""]);
    const document = JSON.parse(stdout) as AnalysisDocument;
    expect(document.model).toMatchObject({ architecture: "llama", layers: 30 });
    expect(document.layers.map(({ layer }) => layer)).toEqual(Array.from({ length: 30 }, (_, layer) => layer));

    const active = document.layers.reduce((sum, layer) => sum + layer.active, 0);
    expect(active / document.model.scored).toBeCloseTo(0.1, 3);
    for (const layer of document.layers) {
      expect(layer.modules.reduce((sum, module) => sum + module.active, 0)).toBe(layer.active);
      expect(layer.modules.reduce((sum, module) => sum + module.parameters, 0)).toBe(layer.parameters);
    }
    const [sample] = document.samples;
    expect(sample.text).toBe(await readFile(story, "utf8"));
    for (const { text, start, end } of sample.tokens.filter((token) => token.start >= 0)) {
      expect(text).toBe(sample.text.slice(start, end));
    }
  });
});
