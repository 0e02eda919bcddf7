import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { dividesRows, FORMATS } from "../../../src/engine/quantize/formats";
import { quantizer } from "../../../src/engine/quantize/quantizer";
import { expectLikeLlamaCpp, type RowsToTry } from "../support/like-llama-cpp";
import { llamaCpp, quantizedByLlamaCpp } from "../support/llama-cpp";
import { importanceOf, kindsOfRows } from "./rows";
import { storedRows } from "./stored-rows";

/** Rows of no whole number of four blocks of 32; of one block of 256; of several. */
const tried: RowsToTry[] = [96, 256, 1024].flatMap((columns) =>
  Object.entries(kindsOfRows(columns, 6)).flatMap(([kind, weights]) => [
    { name: `${columns} ${kind}`, columns, weights },
    { name: `${columns} ${kind}, by importance`, columns, weights, importance: importanceOf(columns) },
  ]),
);

/** What llama.cpp made of these, as checksums of the bytes: where it is not there, they are held against it. */
const file = new URL("../../data/llama-cpp-quants.json", import.meta.url);
const recorded = JSON.parse(readFileSync(file, "utf8")) as { by: string; checksums: Record<string, string> };
const checksums: Record<string, string> = {};

function checksumOf(blocks: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const one of blocks) hash.update(one);
  return hash.digest("hex").slice(0, 32);
}

const fittingTo = ({ name }: (typeof FORMATS)[number], rows: readonly RowsToTry[]): RowsToTry[] =>
  rows.filter(({ columns }) => dividesRows(name, columns));

describe.skipIf(llamaCpp === undefined)("against llama.cpp's own quantisers", () => {
  test.each(FORMATS)("$name: rows of every kind", (format) => {
    const rows = fittingTo(format, tried);
    const theirs = quantizedByLlamaCpp(
      llamaCpp!,
      rows.map((one) => ({ ...one, ggmlType: format.ggmlType })),
    );
    rows.forEach((one, i) => expectLikeLlamaCpp(format, one, theirs[i]));
    checksums[format.name] = checksumOf(theirs.map(({ blocks }) => blocks));
  });

  test.each(FORMATS)("$name: matrices of the bundled model", async (format) => {
    const rows = fittingTo(format, await storedRows("models/demo"));
    const theirs = quantizedByLlamaCpp(
      llamaCpp!,
      rows.map((one) => ({ ...one, ggmlType: format.ggmlType })),
    );
    rows.forEach((one, i) => expectLikeLlamaCpp(format, one, theirs[i]));
  });

  afterAll(() => {
    if (process.env.RECORD === "1")
      writeFileSync(file, `${JSON.stringify({ by: "llama.cpp v0.5.0, x64", checksums }, null, 1)}\n`);
  });
});

test.each(FORMATS)("$name: rows of every kind become llama.cpp's bytes, as recorded", (format) => {
  const blocks = fittingTo(format, tried).map(({ weights, columns, importance }) =>
    quantizer(format.name).quantize(weights, columns, importance),
  );
  expect(checksumOf(blocks)).toBe(recorded.checksums[format.name]);
});
