import { type Explanation, paper } from "../shared/section";

const partialCorrelation = {
  title: "Partial correlation",
  url: "https://en.wikipedia.org/wiki/Partial_correlation",
};

export const explanations = {
  scatter: {
    text: "Each point is a pair of sentences: to the right the more alike people find them, upwards the more alike their activations are in the deep layers.",
    terms: ["relevance", "contrast"],
    link: paper,
  },
  pair: {
    text: "A line for each measure, layer by layer; the deep layers are shaded. Contrast leaves out what all sentences of the set have in common.",
    terms: ["similarity", "contrast"],
    link: paper,
  },
  standings: {
    text: "What else tells how alike two sentences are, on the same pairs: what the model computes of the last token in the deep layers, less the mean of all sentences; and the words that both have. Given tf-idf means: what is left when words are taken out of both orders.",
    terms: ["order", "interval"],
    details: "Hidden states and tf-idf weights by their cosine, words by Jaccard's index; partial rho.",
    link: partialCorrelation,
  },
  rho: {
    text: "The band holds what 95 % of a thousand draws of pairs, with replacement, have. A layer that is highest on some pairs is lower on others: how well the best one does is measured on the half of the pairs that did not choose it.",
    terms: ["order", "layer"],
    details: "Spearman's rho, of each layer by itself.",
    link: paper,
  },
} satisfies Record<string, Explanation>;
