import { type Explanation, paper } from "../shared/section";

const wanda = {
  title: "A simple and effective pruning approach for large language models",
  url: "https://arxiv.org/abs/2306.11695",
};

export const explanations = {
  layers: {
    text: "Layers that activate densely keep more of their weights, by at most 8 points of sparsity around the mean; the line is the density that decides it, by the calibration texts.",
    terms: ["sparsity", "density", "calibration"],
    link: paper,
  },
  losses: {
    text: "The share of a matrix' activation that its least active weights hold, as many of them as are to go: the least that any criterion can take. It follows from the calibration alone; what a criterion really takes is known after an evaluation.",
    terms: ["activation", "sparsity"],
    link: paper,
  },
  matrices: {
    text: "A matrix' magnitude is the size of all its weights together; this is the share of it that is gone. Magnitude takes the smallest weights and so loses least of it; Wanda also looks at the size of the inputs.",
    terms: ["matrix", "sparsity"],
    details: "Magnitude Σ |w|.",
    link: wanda,
  },
  curve: {
    text: "All points have the same calibration, allocation and text. Intervals (95 %, also the shade) are of the ratio to the dense model and say how far windows of this text vary; one criterion is said to cost less where that holds for all comparisons together.",
    terms: ["perplexity", "sparsity", "interval"],
    details: "Divergence: Kullback-Leibler, of the pruned model's next token from the dense one's, in nats.",
    link: wanda,
  },
} satisfies Record<string, Explanation>;
