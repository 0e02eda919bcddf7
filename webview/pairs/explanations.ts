import { type Explanation, paper } from "../shared/section";

const partialCorrelation = {
  title: "Partial correlation",
  url: "https://en.wikipedia.org/wiki/Partial_correlation",
};

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
  standings: {
    text:
      "What else tells how alike two sentences are, on the same pairs: the hidden states of the last token in the deep layers, less the mean " +
      "of all sentences, by their cosine; the words that both have, by the cosine of their tf-idf weights and by Jaccard's index. Given tf-idf " +
      "means: what of rho is left when words are taken out of both orders.",
    link: partialCorrelation,
  },
  rho: {
    text:
      "Spearman's rho says how well the order of the pairs by their similarity in a layer is the order that people gave them: 1 is " +
      "the same order, 0 none. In 95 % of a thousand draws of pairs, with replacement, rho lies within the band. A layer that is highest " +
      "on some pairs is lower on others: how well the best one does is measured on the half of the pairs that did not choose it.",
    link: paper,
  },
} satisfies Record<string, Explanation>;
