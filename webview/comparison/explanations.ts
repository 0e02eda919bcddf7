import { type Explanation, paper } from "../shared/section";

export const explanations = {
  relevance: {
    text: "Both are placed among pairs of unrelated texts of several kinds. Two texts of one kind, say two encyclopedia articles, stand high among them without saying the same.",
    terms: ["relevance", "contrast", "similarity"],
    link: paper,
  },
  curves: {
    text: "A line for each measure, layer by layer. The paper found that shallow layers treat most texts alike, and that in the deep ones, which are shaded, likeness follows that of the texts.",
    terms: ["similarity", "contrast", "overlap", "layer"],
    link: paper,
  },
  next: {
    text: "To the left how probable the model holds a token after A, to the right after B; both on one scale. A token that is not among the likeliest of a side is less probable than those.",
    terms: [],
    link: paper,
  },
  matrices: {
    text: "Side by side: what of a side's activation is in a matrix, beside what unrelated texts have there (orange less, blue more), or its mean activation. By similarity the strongest colour is where A and B are least alike; by balance it is orange where A and blue where B has the higher mean activation, in doublings: +1 is twice as high in B.",
    terms: ["matrix", "similarity"],
    link: paper,
  },
  matricesOfExperts: {
    text: "×16 stands for the matrices of 16 experts together, and opens those of one. Side by side: what of a side's activation is in a matrix, beside what unrelated texts have there (orange less, blue more), or its mean activation. By similarity the strongest colour is where A and B are least alike; by balance it is orange where A and blue where B has the higher mean activation, in doublings: +1 is twice as high in B.",
    terms: ["matrix", "expert", "similarity"],
    link: paper,
  },
  experts: {
    text: "A cell says to which experts more of A's or of B's tokens go, or how alike both activate an expert's weights. Layers without experts are left out; in the last layer only what the target is read from passes.",
    terms: ["expert", "similarity"],
    link: paper,
  },
  matrix: {
    text: "The columns show what part of this matrix's activation goes through each attention head, in A and in B. The tables list the strongest weights that are in the top set of one side and not of the other, with both activations.",
    terms: ["head", "topSet"],
    link: paper,
  },
  parting: {
    text: "The matrices with the lowest similarity come first. A head is clearly more A's when it is among the strongest tenth of all heads in A and not in B, by its part of the side's whole activation, and that part is at least 1.5 times its part of the other side's; the figure is how many times.",
    terms: ["similarity", "head"],
    link: paper,
  },
  texts: {
    text: "The stronger the tint, the more rests on the token. Framed is what the other text has not in that place, word for word.",
    terms: ["saliency"],
    link: {
      title: "Deep Inside Convolutional Networks: visualising saliency",
      url: "https://arxiv.org/abs/1312.6034",
    },
  },
} satisfies Record<string, Explanation>;
