import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { DomainsDocument } from "../../src/engine/document/document";
import { paramscope, repository } from "../cli/session";

const smollm2 = inject("smollm2");
/** test/reference/smollm2-135m.domains.json: PyTorch, scores kept in bfloat16. */
const reference = JSON.parse(readFileSync(join(repository, "test/reference/smollm2-135m.domains.json"), "utf8")) as {
  readonly tokens: number;
  readonly texts: Readonly<Record<string, readonly string[]>>;
  /** `"math code"` → per pair, per layer. */
  readonly similarity: Readonly<Record<string, readonly (readonly number[])[]>>;
};
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-"));
  for (const [name, texts] of Object.entries(reference.texts)) {
    await mkdir(join(folder, name));
    await Promise.all(texts.map((text, i) => writeFile(join(folder, name, `${i}.txt`), text)));
  }
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe.skipIf(smollm2 === "")("five domains of eight texts on a real model", () => {
  test("have the reference's similarities, and part in the deep layers", async () => {
    const folders = Object.keys(reference.texts).map((name) => join(folder, name));
    const options = [
      "--model",
      smollm2,
      "--target",
      "max-logit",
      "--window",
      String(reference.tokens),
      "--no-contrast",
      "--json",
    ];
    const { code, stdout } = await paramscope(["domains", ...folders, ...options]);
    expect(code).toBe(0);
    const { pairs, significance } = JSON.parse(stdout) as DomainsDocument;
    expect(pairs).toHaveLength(15);
    const median = (same: boolean, layer: number): number => {
      const values = pairs.filter(({ a, b }) => (a === b) === same).flatMap(({ similarity }) => similarity[layer]);
      return values.sort((x, y) => x - y)[Math.floor(values.length / 2)];
    };
    for (const { a, b, similarity } of pairs)
      similarity.forEach((values, layer) => {
        values.forEach((value, pair) => {
          expect(Math.abs(value / reference.similarity[`${a} ${b}`][pair][layer] - 1)).toBeLessThan(2e-3);
        });
      });
    // the paper's second finding
    expect(median(true, 3) - median(false, 3)).toBeLessThan(0.06);
    expect(median(true, 25) - median(false, 25)).toBeGreaterThan(0.1);
    expect(significance[25]).toBeLessThan(0.01);
  });
});
