import { type Explanation, paper } from "../shared/section";

export const explanations = {
  layers: {
    text: "Each sample has its own strongest weights: in every matrix the same share. A row says how many of a layer's weights are among them in no sample, in some, and in all; those that all samples have do the same work for every text.",
    terms: ["topSet", "layer"],
    link: paper,
  },
  experts: {
    text: "A sample that reaches an expert with no token has none of its weights among the strongest; so a cell says how many samples reach it, how many of its weights all of those have, or how far they agree. Layers without experts are left out. In the last layer only what the target is read from passes.",
    terms: ["expert", "topSet"],
    link: paper,
  },
  distribution: {
    text: "Filled columns are counted. Outlines are what chance would give if every sample chose its weights independently, with the same density: the binomial distribution. Where both ends are higher than that, texts share the weights that they use.",
    terms: ["topSet"],
    link: { title: "Binomial distribution", url: "https://en.wikipedia.org/wiki/Binomial_distribution" },
  },
  clustering: {
    text: "The intraclass correlation of having a weight among the strongest: 0 where a sample's weights say nothing of another's, 1 where all samples have the same, below 0 where they avoid each other's. It does not grow with the number of samples.",
    terms: ["topSet"],
    link: { title: "Intraclass correlation", url: "https://en.wikipedia.org/wiki/Intraclass_correlation" },
  },
} satisfies Record<string, Explanation>;
