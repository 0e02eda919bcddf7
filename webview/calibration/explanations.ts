import { type Explanation, paper } from "../shared/section";

const calibrationData = {
  title: "On the impact of calibration data in post-training quantization and pruning",
  url: "https://arxiv.org/abs/2311.09755",
};

export const explanations = {
  study: {
    text:
      "The model is pruned with the texts of each domain in turn, and its perplexity measured on texts of each that were kept from the calibration; lower is " +
      "better. Colours of perplexities compare those of a column: domains are not alike hard to predict. Differences below 2 % are those of rounding.",
    link: calibrationData,
  },
  choice: {
    text:
      "The model is pruned with the chosen texts, and with as many random texts of the same pool, several times; its perplexity is measured on texts of the domain " +
      "that were used for neither. Only what is better than every random set is more than chance.",
    link: calibrationData,
  },
  pool: {
    text:
      "The similarity of activations |w·∂y/∂w| in the deep layers, the mean over texts of the domain: texts that use the same weights say best which weights " +
      "the domain can do without.",
    link: paper,
  },
} satisfies Record<string, Explanation>;
