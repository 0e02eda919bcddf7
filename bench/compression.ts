import { readFile } from "node:fs/promises";

import type { QuantizeResult, RunEvent } from "../src/engine/api";
import { openModel, quantize } from "../src/engine/index";
import { DEFAULT_FORMATS, WAYS, type SizeWish } from "../src/engine/quantize/options";
import { formSamples } from "../src/engine/text/form-samples";
import { choiceInWords, comparedWays, formatBits, inWords, waysFinding } from "../src/format/bits";
import type { PartRun } from "./part";
import { demoModel, wideModel, wikitext } from "./texts";

const WINDOW = 256;
/** The part of the text that formats are chosen with; the rest is evaluated. */
const CALIBRATED = 0.6;
/** Without those that SmolLM2 is stored in: they would lose nothing once more. */
const FORMATS = DEFAULT_FORMATS.filter((name) => name !== "F16");
/** Sizes of which rows of 256 have formats, and others'. */
const WIDE_BITS = [3, 3.5, 4, 4.5];
const BITS = [4.5, 5, 5.5, 6];

/** What a choice of formats costs, by what chooses, beside llama.cpp's mixtures at no smaller a size. */
export async function measureCompression({ report, real, progress }: PartRun): Promise<void> {
  for (const path of [demoModel, wideModel, real].filter((one) => one !== undefined)) {
    for (const [i, mixture] of (["Q3_K_M", "Q4_K_M", "Q5_K_M"] as const).entries()) {
      progress(`${path}, as large as ${mixture}`);
      const { document } = await quantized(
        path,
        { kind: "mixture", mixture },
        i > 0 ? [] : path === wideModel ? WIDE_BITS : BITS,
      );
      report.table(
        `${document.model.name}, ${document.size.asked}: ${document.calibration.tokens} tokens of WikiText-2 to choose with, ${document.evaluation?.windows} other windows of ${WINDOW}`,
        ["bits", "MB", "chosen by", "divergence (95 %)", "perplexity"],
        comparedWays(document).map((way) => [
          formatBits(way.bitsPerWeight),
          (way.bytes / 1e6).toFixed(1),
          choiceInWords(way),
          inWords(way.divergence),
          way.perplexity.toFixed(2),
        ]),
      );
      report.note(waysFinding(document));
      for (const note of document.run.notes) report.note(note);
    }
  }
}

async function quantized(path: string, size: SizeWish, bits: readonly number[]): Promise<QuantizeResult> {
  const text = await readFile(wikitext, "utf8");
  const cut = text.indexOf("\n", CALIBRATED * text.length);
  const model = await openModel(path);
  try {
    const { tokenizer, context } = model;
    const calibration = [{ source: "the first part", text: text.slice(0, cut) }];
    const run = quantize({
      model,
      set: formSamples(calibration, tokenizer, { window: WINDOW, maxSamples: 64, context }),
      by: "sensitivity",
      size,
      formats: FORMATS,
      evaluation: { text: { source: "the rest", text: text.slice(cut) }, windows: 12, window: WINDOW },
      compared: { ways: WAYS, bits },
    });
    return await resultOf(run);
  } finally {
    await model.close();
  }
}

async function resultOf(run: AsyncGenerator<RunEvent<QuantizeResult, unknown>, void, void>): Promise<QuantizeResult> {
  for await (const event of run) if (event.type === "done") return event.result;
  throw new Error("the run ended without a result");
}
