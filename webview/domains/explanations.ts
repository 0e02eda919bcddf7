import { type Explanation, paper } from "../shared/section";

export const explanations = {
  layers: {
    text: "Each box holds the middle half of the similarities of pairs of texts in a layer: of two texts of one domain, and of two domains. The line in it is the median, whiskers reach one and a half boxes further. p is how often shuffling the texts' domains makes a difference as large in any of the layers, over all pairs of texts that were compared; the interval is by leaving out one text after another (jackknife).",
    terms: ["domain", "similarity", "interval", "chance"],
    link: paper,
  },
  domains: {
    text: "How alike the activations of texts of two domains are, or of two texts of one domain (on the diagonal). Over the deep layers that is relevance; of one layer it is the median of its pairs.",
    terms: ["domain", "relevance", "contrast"],
    link: paper,
  },
  density: {
    text: "A line for each domain, by its own threshold. Domains with the same curve spread their activation over the layers alike.",
    terms: ["density", "domain"],
    link: paper,
  },
  overlap: {
    text: "Weights in both domains' top sets serve both; the others serve one, and may be lost to it when pruning for the other. Halves are random halves of the texts: of few texts any two sets differ, so that a domain has weights of its own only where halves of two domains share less than halves of one.",
    terms: ["overlap", "topSet"],
    link: paper,
  },
  neurons: {
    text: "What is compared is a neuron's share of its matrix' activation in either domain. Those are named whose shares differ most. p is how often shuffling the texts of the two domains sets any neuron of any layer as far apart.",
    terms: ["neuron", "chance"],
    link: paper,
  },
} satisfies Record<string, Explanation>;
