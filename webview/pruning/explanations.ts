import { type Explanation, paper } from "../shared/section";

const wanda = {
  title: "A simple and effective pruning approach for large language models",
  url: "https://arxiv.org/abs/2306.11695",
};

export const explanations = {
  layers: {
    text:
      "Pruning sets weights to 0. Layers that activate densely keep more of theirs, by at most 8 points of sparsity around the mean; " +
      "the line is the density that decides it, the share of a layer's weights that is among the strongest of the calibration texts.",
    link: paper,
  },
  losses: {
    text:
      "The share of a matrix' activation |w·∂y/∂w| that its least active weights hold, as many of them as are to go: the least that any criterion can take. " +
      "It follows from the calibration alone; what a criterion really takes is known after an evaluation.",
    link: paper,
  },
  matrices: {
    text:
      "The sum of |w| over all weights of a matrix is its magnitude; this is the share of it that is gone. " +
      "Magnitude takes the smallest weights and so loses least of it; Wanda also looks at the size of the inputs.",
    link: wanda,
  },
  curve: {
    text:
      "Perplexity is how many tokens the model hesitates between, on the average, before each token of the evaluation text; lower is better. " +
      "All points have the same calibration, allocation and text. Intervals (95 %, also the shade) are of the ratio to the dense model and say how far windows of this text vary; " +
      "one criterion is said to cost less where that holds for all comparisons together.",
    link: wanda,
  },
} satisfies Record<string, Explanation>;
