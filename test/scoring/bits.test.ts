import { afterAll, expect, test } from "vitest";

import type { BitsDocument } from "../../src/engine/document/document";
import { paramscope } from "../cli/session";
import { chosenAgain } from "../../src/format/chosen-again";
import { bitsOf, sample, settings, startClient } from "./support";

const { client } = startClient();

afterAll(() => client.dispose());

const names = ["fiction/harbour.txt", "science/yeast.txt"];
const short = { ...settings, window: 64, maxSamples: 4 };
const calibration = { texts: names.map(sample) };

const formats = ({ tensors }: BitsDocument): string[] => tensors.map(({ format }) => format);

test("formats are chosen as on the command line", async () => {
  const document = await client.run(
    bitsOf({ calibration, by: "sensitivity", size: { kind: "bits", bits: 5 }, settings: short }),
  );
  const files = names.map((name) => `samples/${name}`);
  const options = ["--size", "5bpw", "--window", "64", "--max-samples", "4", "--json"];
  const expected = JSON.parse((await paramscope(["quantize", ...files, ...options])).stdout) as BitsDocument;
  expect(formats(document)).toEqual(formats(expected));
  expect(document.size).toEqual(expected.size);
  expect(document.tensors).toEqual(expected.tensors);
});

test("what rounding costs is measured once: other sizes and texts to measure on take no sweep", async () => {
  const asked = { calibration, by: "sensitivity" as const, settings: short };
  const first = await client.run(bitsOf({ ...asked, size: { kind: "bits", bits: 6 } }));
  const phases = new Set<string>();
  const wanted = bitsOf({ ...asked, size: { kind: "bits", bits: 5 }, evaluation: sample("math/orchard.txt") });
  const second = await client.run(wanted, { progress: ({ phase }) => phases.add(phase) });
  expect(phases).not.toContain("backward");
  expect(second.evaluation?.text).toBe("math/orchard.txt");
  // of other texts it is measured
  const others = new Set<string>();
  await client.run(
    bitsOf({ ...asked, calibration: { texts: [sample("math/orchard.txt")] }, size: { kind: "bits", bits: 6 } }),
    {
      progress: ({ phase }) => others.add(phase),
    },
  );
  expect(others).toContain("backward");
  // and what its page chooses of the first at that size is what was chosen
  expect(chosenAgain(first, 5)?.size).toEqual({ ...second.size, asked: first.size.asked });
  expect(formats(chosenAgain(first, 5)!)).toEqual(formats(second));
});

test("a size that is not possible is the least one where that is allowed, and refused where not", async () => {
  const size = { kind: "bits", bits: 1 } as const;
  const asked = { calibration, by: "sensitivity" as const, settings: short };
  const document = await client.run(bitsOf({ ...asked, size: { ...size, orLeast: true } }));
  expect(document.size.bytes).toBe(document.size.least);
  expect(document.size.asked).toBe("as small as can be");
  await expect(client.run(bitsOf({ ...asked, size }))).rejects.toMatchObject({
    kind: "user",
    message: expect.stringContaining("cannot be as small") as string,
  });
});
