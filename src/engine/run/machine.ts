import { cpus } from "node:os";

import * as z from "zod";

import { Cache } from "../cache";
import { GraphBuilder } from "../graph/graph";
import { tensor, type Runtime } from "../runtime/runtime";
import { version } from "../version";

/** How fast this machine computes, measured once and kept. */
export interface MachineSpeed {
  /** Multiplications and additions per second in matrix products of a block's kind. */
  readonly productFlops: number;
  /** Parameters per second that the reducers take in. */
  readonly reducedPerSecond: number;
}

const stored = z.looseObject({ productFlops: z.number().positive(), reducedPerSecond: z.number().positive() });

const MEASURED_SECONDS = 0.5;
const TOKENS = 512;
const SIZE = 768;

/** The measurement kept from an earlier run, or one of about a second. */
export async function machineSpeed(runtime: Runtime): Promise<MachineSpeed> {
  const cache = new Cache("machine", stored);
  const key = `${version} ${runtime.name} ${runtime.device} ${runtime.version} ${runtime.threads} ${cpus()[0]?.model ?? "unknown"}`;
  const kept = await cache.get(key);
  if (kept !== undefined) return kept;
  const speed = { productFlops: await measureProducts(runtime), reducedPerSecond: measureReduction() };
  await cache.set(key, speed);
  return speed;
}

/** Multiplications and additions per second in matrix products of a block's kind, in half a second. */
export async function measureProducts(runtime: Runtime): Promise<number> {
  const b = new GraphBuilder();
  const x = b.input("x", ["tokens", SIZE]);
  const program = await runtime.compile(
    b.graph(new Map([["y", b.linear(x, b.input("w", [SIZE, SIZE]), undefined, "w")]])),
  );
  const inputs = {
    x: tensor(new Float32Array(TOKENS * SIZE).fill(0.5), TOKENS, SIZE),
    w: tensor(new Float32Array(SIZE * SIZE).fill(0.5), SIZE, SIZE),
  };
  const outputs = { y: tensor(new Float32Array(TOKENS * SIZE), TOKENS, SIZE) };
  try {
    await program.run(inputs, outputs);
    let fastest = Infinity;
    for (const end = performance.now() + 1000 * MEASURED_SECONDS; performance.now() < end;) {
      const start = performance.now();
      await program.run(inputs, outputs);
      fastest = Math.min(fastest, (performance.now() - start) / 1000);
    }
    return (2 * TOKENS * SIZE * SIZE) / fastest;
  } finally {
    await program.dispose();
  }
}

/** The reducers' inner loop is bound by one core: a loop of its kind stands for it. */
function measureReduction(): number {
  const values = Float32Array.from({ length: 2 ** 20 }, (_, i) => (i % 1000) / 1000);
  const counts = new Uint32Array(1024);
  let sum = 0;
  let fastest = Infinity;
  for (let round = 0; round < 20; round++) {
    const start = performance.now();
    for (const value of values) {
      counts[(value * 1000) | 0]!++;
      sum += value * value;
    }
    fastest = Math.min(fastest, (performance.now() - start) / 1000);
  }
  return sum > 0 ? values.length / fastest : 1;
}
