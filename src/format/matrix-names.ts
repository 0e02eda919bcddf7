import { zip } from "../engine/numbers/elements";

/** The names of the matrices that layers have, each once: a model's layers may be of several kinds. */
export function namesOfMatrices(
  layers: readonly { readonly modules: readonly { readonly name: string }[] }[],
): string[] {
  return [...new Set(layers.flatMap(({ modules }) => modules.map(({ name }) => name)))];
}

/** What a matrix is called without the number of its expert, and that number: of `mlp.experts.3.gate_proj` `mlp.experts.gate_proj`, 3. */
export function numberedName(name: string): { readonly name: string; readonly expert: number | undefined } {
  const segments = name.split(".");
  const at = segments.findIndex((segment) => /^\d+$/.test(segment));
  return at < 0
    ? { name, expert: undefined }
    : { name: segments.toSpliced(at, 1).join("."), expert: Number(segments[at]) };
}

/**
 * Short names for the matrices of a block, `q` for `self_attn.q_proj`, each as long as it must be to be the only one; of an
 * expert's `expert 3 gate`.
 * @returns one for each name, in the same order.
 */
export function shortNames(names: readonly string[]): string[] {
  const numbered = names.map(numberedName);
  // an expert's are told from others by its number
  const [experts, others] = [true, false].map((isExpert) => {
    const kinds = numbered.filter(({ expert }) => (expert !== undefined) === isExpert).map(({ name }) => name);
    const all = [...new Set(kinds)];
    return new Map(all.map((kind) => [kind, shortAmong(kind, all)]));
  });
  return numbered.map(({ name, expert }) =>
    expert === undefined ? (others?.get(name) ?? name) : `expert ${expert} ${experts?.get(name) ?? name}`,
  );
}

/** The short name of any of the layers' matrices: of the same one wherever it is named, so that no two of the model have one. */
export function shortNamesIn(layers: Parameters<typeof namesOfMatrices>[0]): (name: string) => string {
  const names = namesOfMatrices(layers);
  const shorts = new Map(zip(names, shortNames(names)));
  return (name) => shorts.get(name) ?? name;
}

function shortAmong(name: string, all: readonly string[]): string {
  const short = (of: string, segments: number): string =>
    of
      .split(".")
      .slice(-segments)
      .join(".")
      .replace(/_proj$/, "");
  for (let segments = 1; segments < name.split(".").length; segments++) {
    const candidate = short(name, segments);
    // a router's `router.layer` is not called as what stands in front of its number
    if (candidate !== "layer" && all.filter((other) => short(other, segments) === candidate).length === 1)
      return candidate;
  }
  return name;
}
