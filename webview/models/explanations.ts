import { type Explanation, paper } from "../shared/section";

export const explanations = {
  change: {
    text: "The size of what B's weights have more than A's, by the size of A's: 0 where both are equal, 0.1 where a tenth of the size was changed. It says nothing of whether a text uses what was changed.",
    terms: ["matrix"],
    details: "‖ΔW‖/‖W‖, Frobenius norms.",
    link: paper,
  },
  matrices: {
    text: "The change of a matrix counts for what these texts predict, to first order. It counts once if what was changed is used as much as weights of the matrix are in general, twice if twice as much: then the change lies where these texts are sensitive.",
    terms: ["matrix", "activation"],
    details: "Σ Ā·|Δw|/|w|, Ā the mean activation of a weight w and Δw what was added to it.",
    link: paper,
  },
  activations: {
    text: "For each layer how alike A and B activate their weights for the same texts.",
    terms: ["similarity", "overlap", "layer"],
    link: paper,
  },
  predictions: {
    text: "How far B's distribution of the next token is from A's: 0 where both are equal. It grows before the likeliest token changes. Enlarged vocabularies are compared over the tokens that both have.",
    terms: ["interval"],
    details: "Kullback-Leibler divergence, in nats.",
    link: paper,
  },
} satisfies Record<string, Explanation>;
