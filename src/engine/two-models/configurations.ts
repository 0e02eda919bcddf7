import type { Architecture } from "../model/architectures/architecture";

/** Ids of a text that is longer than what any model was trained with. */
const LONG = 2 ** 22;

/**
 * What two models of one structure compute differently for reasons other than their weights, in words. Numbers that agree to five
 * digits are taken as equal: a GGUF file has them as float32.
 */
export function configurationDifferences(a: Architecture, b: Architecture): string[] {
  const parts: Record<string, (architecture: Architecture) => unknown> = {
    "the rotary positions": ({ rope }) => [
      rope,
      rope?.full.frequenciesAt?.(LONG),
      rope?.sliding?.frequenciesAt?.(LONG),
    ],
    "which positions layers attend to": ({ layers, layer }) => Array.from({ length: layers }, (_, i) => layer(i)),
    "the bound of the logits": ({ head }) => head.softcap,
    "the scale of the logits": ({ head }) => head.scale,
    "the epsilon of the norms": ({ head }) => head.norm?.epsilon,
    "the scale of the embedding": ({ embedding }) => embedding.scale,
  };
  return Object.entries(parts)
    .filter(([, of]) => written(of(a)) !== written(of(b)))
    .map(([name]) => name);
}

function written(value: unknown): string {
  return JSON.stringify(value ?? null, (_, part: unknown) => {
    if (part instanceof Float32Array) return [...part];
    return typeof part === "number" ? Number(part.toPrecision(5)) : part;
  });
}
