import type { PlannedTensor } from "./plan";
import type { HubModel } from "./hub-model";

/** What a pair that does not turn is divided by. */
const NEVER = 1e30;

/** The tensors of divisors of rotary frequencies that a file has, by their names: llama3's, longrope's, Gemma 4's. */
export function ropeDivisors(model: HubModel): ReadonlyMap<string, Float32Array> {
  const rope = model.definition.rope?.full;
  const { rope_type: type = model.rope.type } = model.rope;
  const found = new Map<string, Float32Array>();
  if (rope === undefined) return found;
  const { rotated, frequencies } = rope;
  switch (type) {
    case "llama3": {
      const theta = model.theta("full") ?? 10_000;
      found.set(
        "rope_freqs.weight",
        frequencies.map((frequency, i) => theta ** ((-2 * i) / rotated) / frequency),
      );
      break;
    }
    case "proportional":
      found.set(
        "rope_freqs.weight",
        frequencies.map((frequency) => (frequency === 0 ? NEVER : 1)),
      );
      break;
    case "longrope":
    case "su":
      for (const length of ["long", "short"]) {
        const divisors = model.rope[`${length}_factor`];
        if (Array.isArray(divisors))
          found.set(`rope_factors_${length}.weight`, Float32Array.from(divisors.map(Number)));
      }
      break;
    default:
      break;
  }
  return found;
}

/** They are no weights of the checkpoint, and always float32. */
export function plannedDivisors(name: string, values: Float32Array): PlannedTensor {
  return {
    name,
    dimensions: [values.length],
    type: "F32",
    usual: "F32",
    isQuantized: false,
    from: [],
    inputs: [],
    read: (out) => {
      out.set(values);
      return Promise.resolve();
    },
  };
}
