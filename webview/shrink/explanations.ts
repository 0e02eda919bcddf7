import { paper, type Explanation } from "../shared/section";

export const explanations = {
  layers: {
    text: "How much the weights of each layer are activated by the calibration texts, before anything went; or what else the choice was made by. After each step the rest was measured anew, so that the order need not be that of the first measurement.",
    terms: ["activation", "calibration"],
    details:
      "Σ Ā over the layer's scored parameters; by perplexity the rise of the mean negative log-likelihood without the layer, in nats.",
    link: paper,
  },
  units: {
    text: "The share of a layer's activation that went with what was taken out of it. Equally many go from every layer, since a configuration has one number for all; what each takes differs.",
    terms: ["activation", "calibration"],
    details: "Σ Ā over the parameters that go, by that over those of all neurons, heads or experts of the layer.",
    link: paper,
  },
  ways: {
    text: "By each way as much was taken out, of each amount that was asked for, and what was left was measured on the same windows of a text that had no say in any of them; how one compares with the choice is said where the difference is certain for these windows.",
    terms: ["perplexity", "interval"],
    details: "Divergence: Kullback-Leibler, of the shrunk model's next token from the dense one's, in nats.",
    link: paper,
  },
} satisfies Record<string, Explanation>;
