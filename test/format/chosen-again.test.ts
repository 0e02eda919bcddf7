import { beforeAll, describe, expect, test } from "vitest";

import type { BitsDocument } from "../../src/engine/document/document";
import { bitsOfBytes, canChooseAgain, chosenAgain } from "../../src/format/chosen-again";
import { paramscope } from "../cli/session";

const calibrated = ["quantize", "samples/fiction", "samples/science", "--window", "64", "--max-samples", "8", "--json"];

async function quantized(...args: string[]): Promise<BitsDocument> {
  return JSON.parse((await paramscope([...calibrated, ...args])).stdout) as BitsDocument;
}

const formats = ({ tensors }: BitsDocument): string[] => tensors.map(({ format }) => format);

let document: BitsDocument;

beforeAll(async () => {
  document = await quantized("--size", "5");
});

describe("formats that are chosen again", () => {
  test.each(["4.2", "6", "12"])("at %s bits they are those of a run at that size", async (bits) => {
    const run = await quantized("--size", bits);
    const again = chosenAgain(document, Number(bits));
    expect(again && formats(again)).toEqual(formats(run));
    expect(again?.size).toEqual({ ...run.size, asked: document.size.asked });
  });

  test("at its own size a document is what it is, and so it is from any other and back", () => {
    expect(chosenAgain(document, document.size.bitsPerWeight)).toBe(document);
    const other = chosenAgain(document, 7)!;
    const back = chosenAgain(other, document.size.bitsPerWeight)!;
    expect(formats(back)).toEqual(formats(document));
  });

  test("they fit whatever size is given, and nothing is chosen below the least", () => {
    const { least, most } = document.size;
    const low = bitsOfBytes(document, least);
    const high = bitsOfBytes(document, most);
    expect(chosenAgain(document, low)?.size.bytes).toBe(least);
    expect(chosenAgain(document, low - 0.001)).toBeUndefined();
    let before = 0;
    for (let bits = low; bits < high + 1; bits += 0.37) {
      const { size } = chosenAgain(document, bits)!;
      expect(size.bitsPerWeight).toBeLessThanOrEqual(bits + 1e-9);
      expect(size.bytes).toBeGreaterThanOrEqual(before);
      before = size.bytes;
    }
  });

  test("what was measured of the first choice is not said of another", () => {
    const again = chosenAgain({ ...document, files: [{ kind: "model", path: "a.gguf", bytes: 1 }] }, 9)!;
    expect([again.evaluation, again.curve, again.tasks, again.continuation, again.files]).toEqual([
      null,
      [],
      undefined,
      null,
      [],
    ]);
  });

  test("by other ways than sensitivity there is nothing to choose from", () => {
    expect(canChooseAgain(document)).toBe(true);
    expect(canChooseAgain({ ...document, by: "uniform" })).toBe(false);
    const [first, ...rest] = document.tensors;
    const unmeasured = { ...first, options: first.options.map((option) => ({ ...option, cost: null })) };
    expect(canChooseAgain({ ...document, tensors: [unmeasured, ...rest] })).toBe(false);
  });
});
