import { describe, expect, test } from "vitest";
import { differentiate } from "../../../../src/engine/graph/differentiate";
import { GraphBuilder } from "../../../../src/engine/graph/graph";
import {
  gatedDeltaRule,
  type DeltaHeads,
  type DeltaInputs,
} from "../../../../src/engine/model/architectures/gated-delta-rule";
import { TestProgram } from "../../support/graphs";
import { random, randomArray } from "../../support/random";
import { allRuntimes } from "../../support/runtimes";

/** float32 against doubles. */
const TOLERANCE = 1e-5;
const BATCH = 2;
const names = ["query", "key", "value", "decay", "rate"] as const;
type Values = Record<(typeof names)[number], Float64Array>;

interface Case extends DeltaHeads {
  readonly name: string;
  readonly tokens: number;
  /** All keys are nearly the same, and values are taken over whole: what is worst for a chunk's triangular system. */
  readonly alike?: boolean;
  /** The most that the logarithm of what is kept falls by in a token. */
  readonly fall?: number;
}

const few = { keyHeads: 1, valueHeads: 2, keySize: 3, valueSize: 2 };
const cases: readonly Case[] = [
  { name: "one token", tokens: 1, keyHeads: 2, valueHeads: 2, keySize: 2, valueSize: 3 },
  { name: "part of a chunk", tokens: 5, keyHeads: 2, valueHeads: 4, keySize: 3, valueSize: 2 },
  { name: "a whole chunk", tokens: 32, ...few },
  { name: "several chunks", tokens: 70, ...few },
  { name: "keys alike", tokens: 70, ...few, alike: true, fall: 1e-3 },
  { name: "states that are forgotten at once", tokens: 40, ...few, fall: 200 },
  { name: "nothing forgotten", tokens: 40, ...few, fall: 0 },
];

describe.each(allRuntimes)("%s computes the gated delta rule of", (_, wish) => {
  test.each(cases)("$name as its definition does, token by token, and its gradients", async (one) => {
    const values = valuesOf(one);
    const b = new GraphBuilder();
    const inputs = Object.fromEntries(
      names.map((name) => [name, b.input(name, ["batch", "tokens", widthOf(name, one)])]),
    ) as unknown as DeltaInputs;
    const out = gatedDeltaRule(b, inputs, one);
    const seed = b.input("seed", out.shape);
    const { gradients } = differentiate(
      b,
      [out],
      [seed],
      names.map((name) => inputs[name]),
    );
    const outputs = Object.fromEntries(names.map((name, i) => [`gradient of ${name}`, gradients[i]!]));
    const program = await TestProgram.of(b, { out, ...outputs }, { batch: BATCH, tokens: one.tokens }, wish);
    const weights = randomArray(random(9), BATCH * one.tokens * one.valueHeads * one.valueSize, -1, 1);
    const given = Object.fromEntries(names.map((name) => [name, Float32Array.from(values[name])]));
    const computed = await program.run({ ...given, seed: weights });
    await program.dispose();

    expectClose(computed.out, tokenByToken(values, one));
    for (const name of names)
      expectClose(
        computed[`gradient of ${name}`],
        differences(values[name], () =>
          tokenByToken(values, one).reduce((sum, value, i) => sum + value * weights[i], 0),
        ),
      );
  });
});

function widthOf(name: (typeof names)[number], { keyHeads, valueHeads, keySize, valueSize }: Case): number {
  return (
    { query: keyHeads * keySize, key: keyHeads * keySize, value: valueHeads * valueSize }[name as "key"] ?? valueHeads
  );
}

function valuesOf(one: Case): Values {
  const { alike = false, fall = 2 } = one;
  const next = random(5);
  const entries = names.map((name): [string, Float64Array] => {
    const width = widthOf(name, one);
    const [from, to] = name === "decay" ? [-fall, 0] : name === "rate" ? [alike ? 0.95 : 0.05, 1] : [-1, 1];
    // numbers that float32 has: both sides are given the same
    const values = Float64Array.from(randomArray(next, BATCH * one.tokens * width, from, to));
    return [name, alike && name === "key" ? values.map((value) => Math.fround(1 + 0.01 * value)) : values];
  });
  return Object.fromEntries(entries) as Values;
}

/** The rule as it is defined, in doubles. */
function tokenByToken(values: Values, { tokens, keyHeads, valueHeads, keySize, valueSize }: Case): Float64Array {
  const out = new Float64Array(BATCH * tokens * valueHeads * valueSize);
  for (let sample = 0; sample < BATCH; sample++)
    for (let head = 0; head < valueHeads; head++) {
      const state = Array.from({ length: keySize }, () => new Float64Array(valueSize));
      const keyHead = Math.floor((head * keyHeads) / valueHeads);
      for (let token = 0; token < tokens; token++) {
        const row = sample * tokens + token;
        const unit = (of: Float64Array): number[] => {
          const from = (row * keyHeads + keyHead) * keySize;
          const vector = [...of.subarray(from, from + keySize)];
          const length = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 1e-6));
          return vector.map((x) => x / length);
        };
        const [q, k] = [unit(values.query), unit(values.key)];
        const kept = Math.exp(values.decay[row * valueHeads + head]);
        const rate = values.rate[row * valueHeads + head];
        for (let j = 0; j < valueSize; j++) {
          let held = 0;
          for (let i = 0; i < keySize; i++) held += (state[i][j] *= kept) * k[i];
          const at = (row * valueHeads + head) * valueSize + j;
          const change = rate * (values.value[at] - held);
          for (let i = 0; i < keySize; i++) out[at] += (q[i] * (state[i][j] += k[i] * change)) / Math.sqrt(keySize);
        }
      }
    }
  return out;
}

function differences(values: Float64Array, objective: () => number): number[] {
  const step = 1e-5;
  return Array.from(values, (value, i) => {
    const at = (moved: number): number => {
      values[i] = moved;
      return objective();
    };
    const difference = (at(value + step) - at(value - step)) / (2 * step);
    values[i] = value;
    return difference;
  });
}

function expectClose(actual: Float32Array, expected: ArrayLike<number>): void {
  expect(actual).toHaveLength(expected.length);
  const scale = Math.max(1, ...Array.from(expected, Math.abs));
  expect(Math.max(...Array.from(expected, (value, i) => Math.abs(value - actual[i]) / scale))).toBeLessThan(TOLERANCE);
}
