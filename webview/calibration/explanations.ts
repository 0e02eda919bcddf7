import { type Explanation, paper } from "../shared/section";

const calibrationData = {
  title: "On the impact of calibration data in post-training quantization and pruning",
  url: "https://arxiv.org/abs/2311.09755",
};

export const explanations = {
  study: {
    text: "The model is pruned with the texts of each domain in turn, and its perplexity measured on texts of each that were kept from the calibration. Colours of perplexities compare those of a column: domains are not alike hard to predict. Intervals (95 %) say how far the windows of the held-out texts vary. Texts are said to be better or worse where that holds for all comparisons together, and by more than the 2 % that rounding makes.",
    terms: ["calibration", "perplexity", "domain"],
    details: "Divergence: Kullback-Leibler, of the pruned model's next token from the dense one's, in nats.",
    link: calibrationData,
  },
  choice: {
    text: "The model is pruned with the chosen texts, and with as many random texts of the same pool, several times; its perplexity is measured on texts of the domain that were used for neither. Choosing is said to matter where windows agree on it (the 95 % interval), and it makes more than random sets differ by themselves.",
    terms: ["calibration", "perplexity"],
    link: calibrationData,
  },
  pool: {
    text: "A bar is the similarity in the deep layers, the mean over texts of the domain: texts that use the same weights say best which weights the domain can do without.",
    terms: ["similarity", "calibration"],
    link: paper,
  },
} satisfies Record<string, Explanation>;
