import type { Explanation } from "../shared/section";

const mixtures = {
  title: "llama.cpp: quantize",
  url: "https://github.com/ggml-org/llama.cpp/tree/master/tools/quantize",
};

export const explanations = {
  formats: {
    text: "The format of a matrix says with how many bits each of its weights is stored. Bits go where rounding costs the most of what the calibration texts need: the colours say how much that is of the average weight, all in one format; formats in blocks of 256 weights are not for rows that 256 does not divide.",
    terms: ["matrix", "calibration"],
    details:
      "Expected cost by sensitivity: Σ F e²/2, e what rounding changes of a weight, F the mean square of the gradient of a window's summed negative log-likelihood, in nats of a window. By activation: Σ Ā |e|/|w|.",
    link: {
      title: "Efficient bit allocation for an arbitrary set of quantizers",
      url: "https://doi.org/10.1109/29.90373",
    },
  },
  share: {
    text: "What the matrices of each name, of all layers together, take of the weights. A small model's embedding is a large part of it.",
    terms: ["matrix"],
    link: mixtures,
  },
  ways: {
    text: "All ways were measured on the same windows of a text that had no say in any of them; how one compares with the choice is said where the difference is certain for these windows. Only sizes that a way can have are drawn: a mixture or one format for all has few.",
    terms: ["perplexity", "interval"],
    details: "Divergence: Kullback-Leibler, of the quantised model's next token from the dense one's, in nats.",
    link: mixtures,
  },
} satisfies Record<string, Explanation>;
