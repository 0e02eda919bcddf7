import { type Explanation, paper } from "../shared/section";

export const explanations = {
  agreement: {
    text: "For each sample by itself, and in every layer, the feed-forward neurons that have least of the criterion are set to 0 at all positions; its next token stays if it is still the likeliest. Attribution is what a neuron adds to the score of the likeliest token, size how strongly it is active. The interval is of the share among texts like these: a few texts do not say more.",
    terms: ["neuron", "interval"],
    details:
      "Attribution |Σ h·∂y/∂h|, size Σ |h|, of a neuron's values h at all positions and the largest logit y; Wilson's interval.",
    link: paper,
  },
  divergence: {
    text: "How far the predicted distribution at the last position is from that of the whole model, the mean over the samples. It grows before the likeliest token changes, so that it tells apart what the tokens alone do not.",
    terms: ["neuron"],
    details: "Kullback-Leibler divergence, in nats.",
    link: paper,
  },
  layers: {
    text: "Neurons in the order of their attribution, or of their size, the strongest first: so many of them make up nine tenths of a layer's sum, the mean over the samples. The lower a line, the more of the layer can be spared.",
    terms: ["neuron", "layer"],
    link: paper,
  },
} satisfies Record<string, Explanation>;
