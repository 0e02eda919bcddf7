import { type Explanation, paper } from "../shared/section";

export const explanations = {
  threshold: {
    text: "All charts of density follow the threshold; the share beside it says how many of all weights it makes active.",
    terms: ["activation", "threshold"],
    link: paper,
  },
  typical: {
    text: "Every text gives nearly the same picture: it is the model's. So the text is held against texts that have nothing to do with it. What is usual says nothing against a text. What is unusual goes with the text; whether the prediction hangs on it is another question: Take away reads the text without those weights, and says what they cause.",
    terms: ["typical", "unusual", "head", "neuron"],
    link: paper,
  },
  layers: {
    text: "A bar is a layer, as long as its density. The paper found shallow layers dense and deep ones sparse.",
    terms: ["layer", "density"],
    link: paper,
  },
  layersBesideTypical: {
    text: "A bar says how the layer's share of all activation compares with the one it usually has: to the right it is more, to the left less. Some layer is always furthest; the sentence says whether any is further than chance would have it.",
    terms: ["layer", "activation", "typical"],
    link: paper,
  },
  matricesBesideTypical: {
    text: "A cell says how a matrix's share of all activation compares with the one it usually has: 1 is the usual, 2 twice as much. Open it to see inside.",
    terms: ["matrix", "typical"],
    link: paper,
  },
  positions: {
    text: "Each token is taken for the end of the text, and the beginning up to it is analysed by itself. A bar of the strip is as high as the loss of the token that follows, which says how little the model expected it: 0 where it was certain of it, 0.7 where it gave it one chance in two. Scales stay the same, so that what changes from token to token can be seen.",
    terms: ["activation", "saliency", "layer", "matrix"],
    details: "Loss: −log of the probability of the token that follows, in nats.",
    link: paper,
  },
  matrices: {
    text: "A cell says how active one matrix of one layer is; open it to see inside.",
    terms: ["matrix", "density"],
    link: paper,
  },
  matricesOfExperts: {
    text: "A cell is a matrix of a layer; ×16 stands for those of 16 experts together. Open it to see those of one, and which of them are used in the heat map of experts.",
    terms: ["matrix", "expert"],
    link: paper,
  },
  model: {
    text: "A layer reads the residual stream and adds to it what its branches write. A line is as thick as the share of the layer's activation that its matrix holds; between them are the heads of attention, and how much goes through each feed-forward neuron. Whether branches run one after another or side by side is not drawn.",
    terms: ["stream", "head", "neuron"],
    link: paper,
  },
  experts: {
    text: "A cell says how many of the layer's tokens an expert gets, and how active its weights are; which experts are chosen is taken as given, their weights in the sum are not. Layers without experts are left out. In the last layer only what the target is read from passes.",
    terms: ["expert"],
    link: paper,
  },
  matrix: {
    text: "The histogram counts this matrix's weights by the size of their activation, on a logarithmic scale. Weights right of the line are active; drag the line to choose another threshold for all views.",
    terms: ["activation", "threshold"],
    details: "Norm: L2, the root of the sum of the activations' squares.",
    link: paper,
  },
  image: {
    text: "A row makes one output, a column takes one input in; a cell is as strong as the strongest of its weights. To the right is what each row sums up to, below what each column does. Lines rule heads or parts, rings are the strongest weights, and orange at the side marks what is unusual.",
    terms: ["matrix", "activation", "head", "unusual"],
    link: paper,
  },
  profile: {
    text: "A row of the matrix makes one output, a column takes one input in. The sum of its weights' activations says how much of what is explained goes through that output or input.",
    terms: ["matrix"],
    link: paper,
  },
  text: {
    text: "The stronger the tint, the more rests on the token; a dashed line below marks stronger tokens that count against.",
    terms: ["saliency"],
    link: {
      title: "Deep Inside Convolutional Networks: visualising saliency",
      url: "https://arxiv.org/abs/1312.6034",
    },
  },
} satisfies Record<string, Explanation>;
