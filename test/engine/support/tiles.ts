import type { Architecture } from "../../../src/engine/model/architectures/architecture";
import { modulesAt, openModel, type ScoredModule } from "../../../src/engine/model/model";
import type { Reducer } from "../../../src/engine/sweep/reducers/reducer";
import { random, randomArray } from "./random";
import { fixturePath } from "./reference";

export interface Scored {
  readonly layer?: number;
  readonly module: ScoredModule;
  readonly unit?: number;
  /** Per set, `[out, in]`. */
  readonly scores: readonly Float32Array[];
  readonly weights?: Float32Array;
}

/** Hands a matrix's scores to a reducer as a sweep does: by tiles, in arrays that are used again. */
export function hand(reducer: Reducer, scored: Scored, height = 5): void {
  const { layer = 0, module, unit = 0, scores, weights = new Float32Array(module.out * module.in) } = scored;
  const tiles = scores.map(() => new Float32Array(height * module.in));
  for (let from = 0; from < module.out; from += height) {
    const rows = Math.min(height, module.out - from);
    const part = (values: Float32Array): Float32Array => values.subarray(from * module.in, (from + rows) * module.in);
    tiles.forEach((tile, set) => {
      tile.set(part(scores[set]));
    });
    const size = rows * module.in;
    reducer.tile({
      layer,
      module,
      unit,
      from,
      rows,
      scores: tiles.map((tile) => tile.subarray(0, size)),
      weights: part(weights),
    });
  }
  tiles.forEach((tile) => tile.fill(NaN));
  reducer.moduleDone?.(layer, module, unit);
}

/** Activations as they are: over many orders of magnitude, some of them 0. */
export function randomScores(seed: number, { out, in: width }: ScoredModule): Float32Array {
  const next = random(seed);
  return randomArray(next, out * width, -14, 2).map((exponent) => (next() < 0.1 ? 0 : Math.exp(exponent)));
}

/** What an architecture says of its matrices, and the matrices. */
export async function definitionOf(
  fixture: string,
): Promise<{ architecture: Architecture; modules: readonly ScoredModule[] }> {
  const model = await openModel(fixturePath(fixture));
  await model.close();
  return { architecture: model.definition, modules: modulesAt(model, 0) };
}

export function moduleNamed(modules: readonly ScoredModule[], name: string): ScoredModule {
  const module = modules.find((candidate) => candidate.name === name);
  if (module === undefined) throw new Error(`there is no matrix ${name}`);
  return module;
}
