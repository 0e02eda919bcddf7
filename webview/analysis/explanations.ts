import { type Explanation, paper } from "../shared/section";

export const explanations = {
  threshold: {
    text:
      "The activation of a weight w is |w·∂y/∂w|: about how much the model's answer y would change if that weight were " +
      "set to zero. A weight counts as active where its activation is at least the threshold, and the share says how " +
      "many of all weights that makes.",
    link: paper,
  },
  typical: {
    text:
      "Every text gives nearly the same picture: it is the model's. So the text is held against texts that have nothing to do with " +
      "it. A place, be it a layer, a matrix, a head or a neuron, is unusual where at most one such text of twenty has anything that is as far from its usual share of the activation. What is usual says nothing against a text.",
    link: paper,
  },
  layers: {
    text:
      "A model is a stack of layers, and layer 0 reads the text first. Density is the part of a layer's weights that " +
      "are active; the paper found shallow layers dense and deep ones sparse.",
    link: paper,
  },
  matrices: {
    text:
      "Each layer has a few weight matrices: q, k, v and o belong to attention, which looks back at other words, the " +
      "rest to the feed-forward part. A cell says how active one matrix of one layer is; open it to see inside.",
    link: paper,
  },
  experts: {
    text:
      "In a mixture of experts a router sends each token to a few of a layer's experts. A cell says how many of the layer's tokens an expert gets, and " +
      "how active its weights are; which experts are chosen is taken as given, their weights in the sum are not. In the last layer only what the target is read from passes.",
    link: paper,
  },
  matrix: {
    text:
      "The histogram counts this matrix's weights by the size of their activation, on a logarithmic scale. Weights " +
      "right of the line are active; drag the line to choose another threshold for all views.",
    link: paper,
  },
  profile: {
    text:
      "A row of the matrix makes one output, a column takes one input in. The sum of its weights' activations says how much " +
      "of the answer goes through that output or input.",
    link: paper,
  },
  text: {
    text:
      "The saliency of a token is how far the answer would move, to first order, if that token's input to the model " +
      "faded out. The stronger the tint, the more the answer rests on it; a dashed line below marks stronger " +
      "tokens that speak against it.",
    link: {
      title: "Deep Inside Convolutional Networks: visualising saliency",
      url: "https://arxiv.org/abs/1312.6034",
    },
  },
} satisfies Record<string, Explanation>;
