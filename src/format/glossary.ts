/** A word that Paramscope uses in a sense of its own, for who meets it for the first time. */
export interface Term {
  readonly name: string;
  /** What it is, one plain sentence. */
  readonly is: string;
  /** What to do with it, one sentence. */
  readonly use: string;
  /** The formula, or the symbol, for who wants it. */
  readonly details?: string;
}

/** All of them: pages explain their charts with these, and `docs/glossary.md` lists them. */
export const glossary = {
  activation: {
    name: "Activation",
    is: "How important a weight is for this prediction: about how much what is explained would change if the weight were set to zero.",
    use: "Look where it is unusual rather than where it is large: where it is large is mostly the model's habit.",
    details: "|w·∂y/∂w|, where y is the number that is explained; of a matrix their sum.",
  },
  threshold: {
    name: "Threshold",
    is: "The activation from which on a weight counts as active.",
    use: "Move it to see how few weights the prediction rests on; nothing is run again.",
  },
  density: {
    name: "Density",
    is: "The part of a layer's or a matrix's weights that are active.",
    use: "Prune what is sparse more than what is dense.",
  },
  typical: {
    name: "Typical texts",
    is: "Texts that have nothing to do with yours, as long and with the same ending, read by the same model.",
    use: "Read every figure beside theirs, since all texts look nearly alike to a model.",
  },
  unusual: {
    name: "Unusual",
    is: "Further from its usual share of the activation than anything is in nineteen of twenty typical texts.",
    use: "Open it to see which weights it is, and compare with another text to see whether it is the subject or the form.",
    details: "p ≤ 0.05 over all places of all levels together (max-T).",
  },
  layer: {
    name: "Layer",
    is: "One of the steps that a model takes one after another; layer 0 reads the text first, and the last ones are called deep.",
    use: "Expect form in shallow layers and meaning in deep ones.",
  },
  matrix: {
    name: "Matrix",
    is: "A table of weights in a layer: q, k, v and o belong to attention, which looks back at other words, the rest to the feed-forward part.",
    use: "Open one to see its strongest weights.",
  },
  head: {
    name: "Head",
    is: "A part of attention that looks back at other words in a way of its own.",
    use: "Patch prompts that differ in one word to see which layer carries it.",
  },
  neuron: {
    name: "Feed-forward neuron",
    is: "A value between the two halves of a layer's feed-forward part: a column of its last matrix.",
    use: "Set those with the least attribution to zero to see how many the model can spare.",
  },
  expert: {
    name: "Expert",
    is: "One of several feed-forward parts of a layer, of which a router sends each token to a few.",
    use: "See which experts your texts never reach.",
  },
  stream: {
    name: "Residual stream",
    is: "The values that each token carries through the model, to which every layer adds.",
    use: "Follow it from below to above: what a layer reads is what all before it have written.",
  },
  saliency: {
    name: "Saliency",
    is: "How far what is explained would move, roughly, if a token of the text faded out.",
    use: "Look first at the words that are tinted most.",
    details: "x·∂y/∂x, x the token as the first layer reads it; negative where it counts against.",
  },
  similarity: {
    name: "Similarity",
    is: "How alike two texts activate the same weights: 1 where all are activated in the same proportions.",
    use: "Compare it with that of unrelated texts before you call two texts alike.",
    details: "The cosine between their activations.",
  },
  contrast: {
    name: "Contrast",
    is: "Similarity without what all texts have in common.",
    use: "Prefer it: it follows the meaning of texts better than similarity does.",
  },
  overlap: {
    name: "Overlap",
    is: "How many of the strongest weights of either text are among the strongest of both.",
    use: "Take it as a check of similarity that does not depend on a few large weights.",
    details: "Jaccard's index of the two top sets.",
  },
  relevance: {
    name: "Relevance",
    is: "How alike two texts are to the model: the mean similarity, or contrast, of the deep layers.",
    use: "Read its place among pairs of unrelated texts, not the number.",
  },
  topSet: {
    name: "Top set",
    is: "The strongest share of a matrix's weights, for one text or for several together.",
    use: "Keep weights that all your texts have in it.",
  },
  domain: {
    name: "Domain",
    is: "Texts of one kind, such as a language or a subject: those of one folder.",
    use: "Compare two of them to see what pruning for one would cost the other.",
  },
  order: {
    name: "Agreement of orders",
    is: "How well one list puts pairs in the order of another: 1 is the same order, 0 none.",
    use: "Hold it against that of counting common words, which is often as good.",
    details: "Spearman's rho; partial rho leaves out what a third order explains.",
  },
  interval: {
    name: "Interval",
    is: "The range that a figure would lie in for 95 of 100 sets of texts like these.",
    use: "Call two figures different only where the interval of their difference leaves out 0.",
  },
  chance: {
    name: "p",
    is: "How often chance alone brings something as far.",
    use: "Believe what is below 0.05, and what several texts agree on.",
  },
  patching: {
    name: "Patching",
    is: "Running one prompt with a piece of what was computed for another put in its place.",
    use: "Take a place for the cause only after a patch has moved the answer.",
  },
  calibration: {
    name: "Calibration",
    is: "The texts whose activation decides which weights can go.",
    use: "Calibrate with texts like those that the model is to be used for.",
  },
  sparsity: {
    name: "Sparsity",
    is: "The share of weights that are set to zero.",
    use: "Raise it until the perplexity begins to climb.",
  },
  perplexity: {
    name: "Perplexity",
    is: "How many tokens the model hesitates between, on average, before each token of a text.",
    use: "Compare it with that of the whole model on the same text; lower is better.",
    details: "e to the mean loss per token, in nats.",
  },
} as const satisfies Readonly<Record<string, Term>>;

/** A word of the glossary. */
export type TermName = keyof typeof glossary;
