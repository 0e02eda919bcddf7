import { random } from "../support/random";

/** Standard normal (Box and Muller). */
export function normal(next: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** Rows of every kind that a model may have, one behind the other, and some that none should; the same in every run. */
export function kindsOfRows(columns: number, rows: number): Readonly<Record<string, Float32Array>> {
  const of = (seed: number, value: (gauss: () => number, column: number, row: number) => number): Float32Array => {
    const gauss = normal(random(seed + columns));
    return Float32Array.from({ length: rows * columns }, (_, i) => value(gauss, i % columns, Math.floor(i / columns)));
  };
  return {
    "of a normal distribution": of(1, (gauss) => 0.04 * gauss()),
    // Student's t with 3 degrees of freedom
    "with heavy tails": of(
      2,
      (gauss) => (0.02 * gauss()) / Math.sqrt((gauss() ** 2 + gauss() ** 2 + gauss() ** 2) / 3),
    ),
    "of zeros": of(3, () => 0),
    "of zeros here and there": of(4, (gauss, column) => ((column >> 4) % 3 === 0 ? 0 : gauss())),
    "of a constant": of(5, (_, __, row) => [0.7, -0.7, 1e-3][row % 3]),
    "of blocks that are constant": of(6, (_, column) => Math.sin(column >> 4)),
    "above 0 only": of(7, (gauss) => Math.abs(gauss())),
    "below 0 only": of(8, (gauss) => -Math.abs(gauss()) - 0.1),
    "far from 0": of(9, (gauss) => 5 + 0.01 * gauss()),
    "that are tiny": of(10, (gauss) => 1e-6 * gauss()),
    "that vanish": of(11, (gauss) => 1e-20 * gauss()),
    "that are huge": of(12, (gauss) => 1e4 * gauss()),
    "of one outlier each": of(13, (gauss, column, row) => (column === (37 * row + 5) % columns ? 30 : 0.05 * gauss())),
    "of two signs and one size": of(14, (gauss) => (gauss() > 0 ? 0.25 : -0.25)),
    "of few values": of(15, (gauss) => Math.round(2 * gauss()) / 8),
    "of sizes that differ from block to block": of(16, (gauss, column) => gauss() * 10 ** (((column >> 4) % 7) - 4)),
  };
}

/** As mean squares of activations are: most alike, some a thousand times the others, and a few that no text touches. */
export function importanceOf(columns: number, seed = 1): Float32Array {
  const gauss = normal(random(seed));
  return Float32Array.from({ length: columns }, (_, i) => (i % 23 === 7 ? 0 : 0.01 * Math.exp(1.5 * gauss())));
}
