import { type Explanation, paper } from "../shared/section";

export const explanations = {
  relevance: {
    text:
      "Similarity is the cosine between what A and what B activates (1: all weights in the same proportions), relevance its mean over " +
      "the deep layers. All texts have much in common to a model: contrast relevance leaves that out, and is placed among pairs of " +
      "unrelated texts.",
    link: paper,
  },
  curves: {
    text:
      "For each layer: similarity, the cosine between the activations of A and of B; contrast, the same without what all texts have in " +
      "common; and overlap, how many of the strongest weights of either side are strongest in both. The paper found that shallow layers treat " +
      "most texts alike, and that in the deep ones, which are shaded, likeness follows that of the texts.",
    link: paper,
  },
  matrices: {
    text:
      "A cell is one weight matrix of one layer. By similarity the strongest colour is where A and B are least alike; by balance it is " +
      "orange where A and blue where B has the higher mean activation, in doublings: +1 is twice as high in B.",
    link: paper,
  },
  matrix: {
    text:
      "The columns show what part of this matrix's activation goes through each attention head, in A and in B. The tables list the " +
      "strongest weights that are in the top set of one side and not of the other, with both activations.",
    link: paper,
  },
  parting: {
    text:
      "The matrices with the lowest similarity come first. A head is clearly more A's when it is among the strongest tenth of all heads in A " +
      "and not in B, by its part of the side's whole activation, and that part is at least 1.5 times its part of the other side's; the " +
      "figure is how many times.",
    link: paper,
  },
  texts: {
    text:
      "The saliency of a token is how far the answer would move, to first order, if that token's input to the model " +
      "faded out. The stronger the tint, the more the answer rests on it.",
    link: {
      title: "Deep Inside Convolutional Networks: visualising saliency",
      url: "https://arxiv.org/abs/1312.6034",
    },
  },
} satisfies Record<string, Explanation>;
