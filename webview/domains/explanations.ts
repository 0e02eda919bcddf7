import { type Explanation, paper } from "../shared/section";

export const explanations = {
  layers: {
    text:
      "Each box holds the middle half of the similarities of pairs of texts in a layer: of two texts of one domain, and of two domains. " +
      "The line in it is the median, whiskers reach one and a half boxes further. p is how often shuffling the texts' domains makes a " +
      "difference as large in any of the layers, over all pairs of texts that were compared; the interval is by leaving out one text after another (jackknife).",
    link: paper,
  },
  domains: {
    text:
      "How alike the activations of texts of two domains are, or of two texts of one domain (on the diagonal). Over the deep layers that is " +
      "relevance, their mean similarity; of one layer it is the median of its pairs. Contrast leaves out what all texts have in common.",
    link: paper,
  },
  density: {
    text:
      "The share of a layer's weights that are among the strongest of the whole model, for each domain by its own threshold. Domains " +
      "with the same curve spread their activation over the layers alike.",
    link: paper,
  },
  overlap: {
    text:
      "The top set of a matrix is the strongest share of its weights, by the mean activation over a domain's texts. Weights in both " +
      "domains' top sets serve both; the others serve one, and may be lost to it when pruning for the other. Halves are random halves of the texts: of " +
      "few texts any two sets differ, so that a domain has weights of its own only where halves of two domains share less than halves of one.",
    link: paper,
  },
  neurons: {
    text:
      "A feed-forward neuron is a column of a block's last matrix; what is compared is its share of that matrix' activation in either domain. " +
      "Those are named whose shares differ most. p is how often shuffling the texts of the two domains sets any neuron of any layer as far apart.",
    link: paper,
  },
} satisfies Record<string, Explanation>;
