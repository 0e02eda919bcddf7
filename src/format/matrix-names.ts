/** The names of the matrices that layers have, each once: a model's layers may be of several kinds. */
export function namesOfMatrices(
  layers: readonly { readonly modules: readonly { readonly name: string }[] }[],
): string[] {
  return [...new Set(layers.flatMap(({ modules }) => modules.map(({ name }) => name)))];
}

/**
 * Short names for the matrices of a block, `q` for `self_attn.q_proj`, each as long as it must be to be the only one.
 * @returns one for each name, in the same order.
 */
export function shortNames(names: readonly string[]): string[] {
  const short = (name: string, segments: number) =>
    name
      .split(".")
      .slice(-segments)
      .join(".")
      .replace(/_proj$/, "");
  const isUnique = (candidate: string, segments: number) =>
    names.filter((name) => short(name, segments) === candidate).length === 1;
  return names.map((name) => {
    for (let segments = 1; segments < name.split(".").length; segments++) {
      const candidate = short(name, segments);
      if (isUnique(candidate, segments)) return candidate;
    }
    return name;
  });
}
