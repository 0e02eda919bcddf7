import { createHash } from "node:crypto";

import type { LayerSums, MatrixSums } from "../engine/api";
import type { SumsOf } from "../wire/protocol";

/** Results whose sums are kept: 2 MB each for a model of 135 million parameters, 20 MB for one of 7 billion. */
const MOST = 4;

/** The full row and column sums of the last results. */
export class SumsStore {
  readonly #kept = new Map<string, LayerSums>();

  /** Keeps the sums of a result, and nothing else of what they came with. */
  add(result: SumsOf, sums: LayerSums): void {
    const key = keyOf(result);
    this.#kept.delete(key);
    const alone = sums.map(
      (matrices) => new Map([...matrices].map(([name, { rows, columns }]) => [name, { rows, columns }])),
    );
    this.#kept.set(key, alone);
    for (const oldest of [...this.#kept.keys()].slice(0, -MOST)) this.#kept.delete(oldest);
  }

  find(result: SumsOf, layer: number, matrix: string): MatrixSums | undefined {
    return this.#kept.get(keyOf(result))?.[layer]?.get(matrix);
  }
}

/** What tells one result from another, by its model, target and tokens. */
export function keyOf({ model, target, samples }: SumsOf): string {
  const ids = samples.map(({ tokens }) => tokens.map(({ id }) => id));
  return createHash("sha256")
    .update(JSON.stringify([model.hash, target, ids]))
    .digest("hex");
}
