import { type Explanation, paper } from "../shared/section";

export const explanations = {
  change: {
    text:
      "ΔW is what B's weights have more than A's, and ‖ΔW‖/‖W‖ its size by that of A's (Frobenius norms): 0 where both are equal, 0.1 where a " +
      "tenth of the size was changed. It says nothing of whether a text uses what was changed.",
    link: paper,
  },
  matrices: {
    text:
      "The change of a matrix counts Σ Ā·|Δw|/|w| for what these texts predict, to first order. It counts once if what was changed is used as much as weights of " +
      "the matrix are in general, twice if twice as much: then the change lies where these texts are sensitive.",
    link: paper,
  },
  activations: {
    text:
      "For each layer: similarity, the cosine between what A and what B activates for the same texts; and overlap, how many of the strongest weights of " +
      "either are strongest in both.",
    link: paper,
  },
  predictions: {
    text:
      "How far B's distribution of the next token is from A's, in nats: 0 where both are equal. It grows before the likeliest token changes. Enlarged vocabularies are " +
      "compared over the tokens that both have.",
    link: paper,
  },
} satisfies Record<string, Explanation>;
