import { type Explanation, paper } from "../shared/section";

export const explanations = {
  layers: {
    text:
      "Each sample has its own strongest weights: in every matrix the same share. A row says how many of a layer's weights are among them " +
      "in no sample, in some, and in all; those that all samples have do the same work for every text.",
    link: paper,
  },
  distribution: {
    text:
      "Filled columns are counted. Outlines are what chance would give if every sample chose its weights independently, with the same density: " +
      "the binomial distribution. Where both ends are higher than that, texts share the weights that they use.",
    link: { title: "Binomial distribution", url: "https://en.wikipedia.org/wiki/Binomial_distribution" },
  },
  clustering: {
    text:
      "The variance of how many samples have a weight, divided by that of independent samples of the same density. 1 is chance; above it the " +
      "same weights are used again and again, below it samples avoid each other's.",
    link: paper,
  },
} satisfies Record<string, Explanation>;
