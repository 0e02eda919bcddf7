import { elementAt } from "../numbers/elements";

/** The bytes of so many bits for each of so many weights; a size that was made of bytes gives these again. */
export const bytesOfBits = (weights: number, bits: number): number => Math.floor((bits * weights) / 8 + 1e-6);

/** One way to store a tensor. */
export interface Option {
  readonly bytes: number;
  /** What storing it so is expected to do to the loss; of options with as many bytes the least counts. */
  readonly cost: number;
}

/** A step from one option of a tensor to a larger one. */
interface Step {
  readonly tensor: number;
  readonly to: number;
  readonly bytes: number;
  /** By how much a byte of it lowers the cost. */
  readonly gain: number;
}

/**
 * Chooses one option of each tensor so that the sum of their costs is small and that of their bytes at most `bytes`. Each tensor takes the option that is
 * best at one price of a byte, the same for all (a Lagrange multiplier: Shoham and Gersho, "Efficient bit allocation for an arbitrary set of quantizers", 1988);
 * what is left of the room then goes to whatever lowers the cost the most. Where nothing is left at that price no other choice of as many bytes costs less.
 * @param tensors the options of each, at least one.
 * @returns the number of each tensor's option; undefined where even the smallest ones do not fit.
 */
export function chooseOptions(tensors: readonly (readonly Option[])[], bytes: number): number[] | undefined {
  const hulls = tensors.map(lowerHull);
  const chosen = hulls.map((hull) => elementAt(hull, 0));
  const bytesOf = (tensor: number, option: number): number => elementAt(elementAt(tensors, tensor), option).bytes;
  let left = bytes - chosen.reduce((sum, option, tensor) => sum + bytesOf(tensor, option), 0);
  if (left < 0) return undefined;
  const steps = hulls
    .flatMap((hull, tensor) => stepsOf(elementAt(tensors, tensor), hull, tensor))
    .sort((a, b) => b.gain - a.gain);
  const isStopped = new Set<number>();
  for (const { tensor, to, bytes: more } of steps) {
    if (isStopped.has(tensor)) continue;
    if (more > left) {
      // its later steps begin where this one would have ended
      isStopped.add(tensor);
      continue;
    }
    chosen[tensor] = to;
    left -= more;
  }
  fill(tensors, chosen, left);
  return chosen;
}

/** The options that are best at some price of a byte, from the smallest to the largest: the lower convex hull of costs over bytes. */
function lowerHull(options: readonly Option[]): number[] {
  const order = options
    .map((_, i) => i)
    .sort((a, b) => {
      const [one, other] = [elementAt(options, a), elementAt(options, b)];
      return one.bytes - other.bytes || one.cost - other.cost;
    });
  const hull: number[] = [];
  const slope = (a: number, b: number): number => {
    const [from, to] = [elementAt(options, a), elementAt(options, b)];
    return (to.cost - from.cost) / (to.bytes - from.bytes);
  };
  for (const next of order) {
    const last = hull.at(-1);
    if (last !== undefined && elementAt(options, next).cost >= elementAt(options, last).cost) continue;
    while (
      hull.length > 1 &&
      slope(elementAt(hull, hull.length - 2), elementAt(hull, hull.length - 1)) >=
        slope(elementAt(hull, hull.length - 2), next)
    )
      hull.pop();
    hull.push(next);
  }
  return hull;
}

function stepsOf(options: readonly Option[], hull: readonly number[], tensor: number): Step[] {
  return hull.slice(1).map((to, i) => {
    const [before, after] = [elementAt(options, elementAt(hull, i)), elementAt(options, to)];
    const bytes = after.bytes - before.bytes;
    return { tensor, to, bytes, gain: (before.cost - after.cost) / bytes };
  });
}

/** Takes, as long as anything fits, the change of one tensor's option that lowers the cost the most. */
function fill(tensors: readonly (readonly Option[])[], chosen: number[], room: number): void {
  let left = room;
  for (;;) {
    let best:
      { readonly tensor: number; readonly to: number; readonly lowers: number; readonly bytes: number } | undefined;
    for (const [tensor, options] of tensors.entries()) {
      const now = elementAt(options, elementAt(chosen, tensor));
      for (const [to, { bytes, cost }] of options.entries()) {
        const more = bytes - now.bytes;
        const lowers = now.cost - cost;
        if (more <= left && lowers > 0 && lowers > (best?.lowers ?? 0)) best = { tensor, to, lowers, bytes: more };
      }
    }
    if (best === undefined) return;
    chosen[best.tensor] = best.to;
    left -= best.bytes;
  }
}
