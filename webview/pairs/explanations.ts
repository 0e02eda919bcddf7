import { type Explanation, paper } from "../shared/section";

export const explanations = {
  scatter: {
    text:
      "Each point is a pair of sentences: to the right the more alike people find them, upwards the more alike their activations " +
      "are in the deep layers. Relevance is the mean similarity of those layers; contrast relevance leaves out what all sentences " +
      "of the set have in common.",
    link: paper,
  },
  pair: {
    text:
      "Similarity is the cosine between what the two sentences activate in a layer; contrast is the same without what all " +
      "sentences of the set have in common. The deep layers are shaded.",
    link: paper,
  },
  rho: {
    text:
      "Spearman's rho says how well the order of the pairs by their similarity in a layer is the order that people gave them: 1 is " +
      "the same order, 0 none. In 95 % of a thousand draws of pairs, with replacement, rho lies within the band.",
    link: paper,
  },
} satisfies Record<string, Explanation>;
