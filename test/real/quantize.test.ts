import { describe, inject, test } from "vitest";
import { dividesRows, FORMATS } from "../../src/engine/quantize/formats";
import { storedRows } from "../engine/quantize/stored-rows";
import { expectLikeLlamaCpp } from "../engine/support/like-llama-cpp";
import { llamaCpp, quantizedByLlamaCpp } from "../engine/support/llama-cpp";

const smollm2 = inject("smollm2");

describe.skipIf(smollm2 === "" || llamaCpp === undefined)(
  "matrices of a real model, against llama.cpp's own quantisers",
  () => {
    test.each(FORMATS)("$name", async (format) => {
      const rows = (await storedRows(smollm2)).filter(({ columns }) => dividesRows(format.name, columns));
      const theirs = quantizedByLlamaCpp(
        llamaCpp!,
        rows.map((one) => ({ ...one, ggmlType: format.ggmlType })),
      );
      rows.forEach((one, i) => expectLikeLlamaCpp(format, one, theirs[i]));
    });
  },
);
