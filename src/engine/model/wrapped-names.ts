import type { Architecture } from "./architectures/architecture";
import type { Norm } from "./architectures/norm";

/** How a text model's names, `model.…` and `lm_head.…`, begin in the checkpoint of a model that sees as well. */
interface Beginnings {
  readonly model: string;
  readonly head: string;
}

/** Qwen2.5-VL's; Gemma 3's and Mistral 3's; Qwen3-VL's, and what transformers writes of later ones. */
const known: readonly Beginnings[] = [
  { model: "model.", head: "lm_head." },
  { model: "language_model.model.", head: "language_model.lm_head." },
  { model: "model.language_model.", head: "lm_head." },
];

/** Whether a tensor of the checkpoint is the text model's, and the architecture with its tensors' names as they stand there. */
export interface StoredNames {
  readonly definition: Architecture;
  readonly isOfText: (name: string) => boolean;
}

/** The names that a checkpoint with these tensors has for those of an architecture: its own, but for text models inside others. */
export function storedNames(definition: Architecture, tensors: { has(name: string): boolean }): StoredNames {
  const { embedding, head } = definition;
  if (!definition.isWrapped) return { definition, isOfText: () => true };
  const inside = (beginnings: Beginnings, name: string): string =>
    name.replace(/^model\./, beginnings.model).replace(/^lm_head\./, beginnings.head);
  const found = known.find((beginnings) => tensors.has(inside(beginnings, embedding.tokens)));
  if (found === undefined) return { definition, isOfText: () => true };
  const { norm } = head;
  const { perLayer } = embedding;
  const here = (name: string): string => inside(found, name);
  const normHere = (own: Norm): Norm => ({ ...own, weight: own.weight && here(own.weight) });
  return {
    definition: {
      ...definition,
      blocks: here(definition.blocks),
      embedding: {
        ...embedding,
        tokens: here(embedding.tokens),
        perLayer: perLayer && {
          ...perLayer,
          tokens: here(perLayer.tokens),
          projection: here(perLayer.projection),
          norm: normHere(perLayer.norm),
        },
      },
      head: { ...head, weight: here(head.weight), norm: norm && normHere(norm) },
    },
    isOfText: (name) => name.startsWith(found.model) || name.startsWith(found.head),
  };
}
