import { readFile } from "node:fs/promises";

import { openModel } from "../src/engine/index";
import { comparedStates, predictingStates } from "../src/engine/prune/evaluate";
import { evaluatedWindows } from "../src/engine/prune/window-losses";
import { chooseOptions } from "../src/engine/quantize/choose-formats";
import { measureCosts, type MeasuredCosts } from "../src/engine/quantize/measure-costs";
import { roundedModel } from "../src/engine/quantize/rounded-model";
import type { Rounding } from "../src/engine/quantize/rounding";
import { quantizedTensors } from "../src/engine/quantize/tensors";
import { elementAt, zip } from "../src/engine/numbers/elements";
import { openRuntime } from "../src/engine/runtime/open-runtime";
import { Profiler } from "../src/engine/sweep/profiler";
import { formSamples } from "../src/engine/text/form-samples";
import { formatBits, inWords, meanOfWindows } from "../src/format/bits";
import { returnedOf } from "../test/engine/support/returned-of";
import type { PartRun } from "./part";
import { demoModel, wikitext } from "./texts";

const WINDOW = 256;
const WINDOWS = 12;
/** The part of the text that formats are chosen with; the rest is evaluated. */
const CALIBRATED = 0.6;
const BLOCK = 32;
const BITS = [3, 4, 5];
const CANDIDATES = [2, 3, 4, 5, 6, 7, 8];

/** How a block's scale is found. */
interface Scaling {
  readonly name: string;
  readonly scaleOf: (block: Float32Array, most: number) => number;
}

const byLargest: Scaling = { name: "scales by the largest", scaleOf: (block, most) => largestOf(block) / most };

/** Shares of the largest that the search for a scale begins from. */
const BEGINNINGS = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/** As the formats of GGUF have them: of some beginnings the scale of the least squares, so that the error stands at right angles to what is kept. */
const byLeastSquares: Scaling = {
  name: "scales by least squares",
  scaleOf: (block, most) => {
    const largest = largestOf(block);
    let best = 0;
    let gained = 0;
    for (const share of BEGINNINGS) {
      const inverse = most / (largest * share);
      let product = 0;
      let square = 0;
      for (const value of block) {
        const level = clamp(Math.round(value * inverse), most);
        product += value * level;
        square += level * level;
      }
      // of what the block holds, what this scale keeps
      const gain = (product * product) / square;
      if (gain > gained) [best, gained] = [product / square, gain];
    }
    return best;
  },
};

const clamp = (level: number, most: number): number => Math.max(-most, Math.min(most, level));

function largestOf(block: Float32Array): number {
  let largest = 0;
  for (const value of block) largest = Math.max(largest, Math.abs(value));
  return largest;
}

/** Symmetric blocks of 32, as many bits for each weight, the scale (16 bits a block) on top: the levels −(2^(b−1) − 1) to 2^(b−1) − 1 times the scale. */
function symmetric(bits: number, { scaleOf }: Scaling): Rounding {
  const most = 2 ** (bits - 1) - 1;
  return {
    name: `S${bits}`,
    bitsPerWeight: bits,
    divides: (columns) => columns % BLOCK === 0,
    bytesOf: (weights) => (weights * bits) / 8,
    round: (rows, _, out) => {
      for (let begin = 0; begin < rows.length; begin += BLOCK) {
        const block = rows.subarray(begin, begin + BLOCK);
        const scale = scaleOf(block, most);
        for (const [i, value] of block.entries())
          out[begin + i] = scale === 0 ? 0 : scale * clamp(Math.round(value / scale), most);
      }
    },
  };
}

interface Vocabulary {
  readonly name: string;
  /** Whether the embedding and the head are chosen for like all else; otherwise they have 8 bits whatever is chosen. */
  readonly isChosen: boolean;
}

const inEightBits: Vocabulary = { name: "the vocabulary in 8 bits", isChosen: false };
const chosenFor: Vocabulary = { name: "the vocabulary chosen for, too", isChosen: true };

const TRIED: readonly { scaling: Scaling; vocabularies: readonly Vocabulary[] }[] = [
  { scaling: byLargest, vocabularies: [inEightBits, chosenFor] },
  { scaling: byLeastSquares, vocabularies: [inEightBits, chosenFor] },
];

/** What a choice of bits costs in blocks that any format's are like. */
export async function measureSymmetric({ report, real, progress }: PartRun): Promise<void> {
  const text = await readFile(wikitext, "utf8");
  const cut = text.indexOf("\n", CALIBRATED * text.length);
  for (const path of [demoModel, ...(real === undefined ? [] : [real])]) {
    const model = await openModel(path);
    const { tokenizer, context } = model;
    const formed = (part: string, maxSamples: number) =>
      formSamples([{ source: "wikitext", text: part }], tokenizer, { window: WINDOW, maxSamples, context }).samples;
    const samples = formed(text.slice(0, cut), 16);
    const ids = formed(text.slice(cut), WINDOWS).map((sample) => sample.ids);
    const { tensors } = quantizedTensors(model);
    const runtime = await openRuntime({});
    const passing = { runtime, profiler: new Profiler(), ids, model };
    const states = async (of: typeof model): Promise<Float32Array> => {
      const run = predictingStates({ ...passing, model: of }, 0, 1);
      return await returnedOf(run);
    };
    const dense = await states(model);
    for (const { scaling, vocabularies } of TRIED) {
      const inBits = (bits: number): Rounding => symmetric(bits, scaling);
      const roundings = CANDIDATES.map(inBits);
      const measured = async (measure: "sensitivity" | "activation"): Promise<MeasuredCosts> => {
        progress(`${model.name}, ${measure}, ${scaling.name}`);
        const run = measureCosts({ model }, { samples, tensors, roundings, measure, importance: new Map() });
        return await returnedOf(run);
      };
      const costs = { sensitivity: await measured("sensitivity"), activation: await measured("activation") };
      const outside = inBits(8);
      for (const { isChosen, name: vocabulary } of vocabularies) {
        const rows: string[][] = [];
        const isInside = ({ layer }: (typeof tensors)[number]): boolean => isChosen || layer !== undefined;
        const evaluate = async (name: string, bits: number, formats: readonly Rounding[]): Promise<void> => {
          progress(`${model.name}, ${bits} bits by ${name}, ${scaling.name}, ${vocabulary}`);
          const changed = roundedModel(model, tensors, formats, new Map());
          const compared = evaluatedWindows(await comparedStates(passing, dense, await states(changed), changed), ids);
          rows.push([
            formatBits(bits),
            name,
            inWords(meanOfWindows(compared.divergences, compared.losses.tokens)),
            compared.otherPerplexity.toFixed(2),
          ]);
        };
        for (const bits of BITS) {
          const uniform = inBits(bits);
          await evaluate(
            "uniform",
            bits,
            tensors.map((tensor) => (isInside(tensor) ? uniform : outside)),
          );
          for (const way of ["activation", "sensitivity"] as const) {
            const options = tensors.map((tensor, i) =>
              isInside(tensor)
                ? roundings.map((one) => ({
                    bytes: one.bytesOf(tensor.parameters),
                    cost: elementAt(costs[way].costs, i).get(one.name)?.cost ?? 0,
                  }))
                : [{ bytes: 0, cost: 0 }],
            );
            const room = tensors.reduce(
              (sum, tensor) => sum + (isInside(tensor) ? (tensor.parameters * bits) / 8 : 0),
              0,
            );
            const chosen = chooseOptions(options, room) ?? [];
            await evaluate(
              way,
              bits,
              zip(tensors, chosen).map(([tensor, one]) => (isInside(tensor) ? elementAt(roundings, one) : outside)),
            );
          }
        }
        report.table(
          `${model.name}: symmetric blocks of ${BLOCK}, ${scaling.name}, bits without them, ${vocabulary}; ${samples.length} windows of ${WINDOW} of WikiText-2 to choose with, ${ids.length} others evaluated`,
          ["bits", "chosen by", "divergence (95 %)", "perplexity"],
          rows,
        );
      }
    }
    await model.close();
  }
}
