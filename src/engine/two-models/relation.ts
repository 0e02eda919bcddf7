import type { ModelsDocument, ModelsLayer } from "../document/document";
import { intervalOf, resampledSpearman } from "../numbers/bootstrap";
import { elementAt } from "../numbers/elements";

/** Fewer matrices have no correlation that an interval could be told of. */
const FEWEST = 5;

/** Whether matrices that were changed more are those that the texts use more. */
export function relationOf(layers: readonly ModelsLayer[], seed: number): ModelsDocument["relation"] {
  const matrices = layers.flatMap(({ modules }) =>
    modules.flatMap(({ relative, a, parameters }) => (relative === null ? [] : [{ relative, used: a / parameters }])),
  );
  const changes = matrices.map(({ relative }) => relative);
  const uses = matrices.map(({ used }) => used);
  if (matrices.length < FEWEST || [changes, uses].some((values) => new Set(values).size < 2)) return null;
  const rho = elementAt(resampledSpearman([changes], uses, seed), 0);
  return { matrices: matrices.length, rho: rho.value, interval: intervalOf(rho) };
}
