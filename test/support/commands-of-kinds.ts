const prompts = ["--text", "The river rose in the night", "--text", "The river fell in the night"];
const model = ["--model", "test/fixtures/llama"];
const short = ["--window", "32", ...model];

/** Of each kind of result, by its name, a command that makes one, of a model that is small: so are its results. */
export const commandsOfKinds: Readonly<Record<string, readonly string[]>> = {
  analysis: ["analyze", "samples/math", "--positions", "--ablate", "layer 5 k head 1", ...short, "--max-samples", "3"],
  frequency: ["analyze", "samples/math", "--frequency", ...short, "--max-samples", "8"],
  comparison: ["compare", ...prompts, ...model],
  pairs: ["pairs", "test/data/stsb-dev-100.tsv", "--limit", "12", ...model],
  domains: ["domains", "samples/fiction", "samples/math", ...short],
  calibration: ["domains", "samples/fiction", "samples/math", "--prune", ...short],
  // of as many tokens
  patching: ["patch", "--text", "The river rose", "--text", "The lover rose", ...model],
  pruning: ["prune", "samples/fiction", ...short, "--evaluate", "samples/fiction/harbour.txt"],
  bits: ["quantize", "samples/fiction", ...short, "--evaluate", "samples/science/yeast.txt", "--compare", "uniform"],
  shrink: [
    "shrink",
    "samples/fiction",
    ...short,
    "--layers",
    "2",
    "--evaluate",
    "samples/science/yeast.txt",
    "--compare",
    "last,random",
  ],
  neurons: ["neurons", "samples/math", "--max-samples", "4", ...short],
  models: ["compare", "samples/math", "--model-b", "test/fixtures/llama", ...short],
};
