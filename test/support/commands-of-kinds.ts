const prompts = ["--text", "The river rose in the night", "--text", "The river fell in the night"];
const short = ["--window", "32"];

/** Of each kind of result, by its name, a command that makes one. */
export const commandsOfKinds: Readonly<Record<string, readonly string[]>> = {
  analysis: ["analyze", "samples/math", "--positions", "--ablate", "layer 5 k head 1", ...short, "--max-samples", "3"],
  frequency: ["analyze", "samples/math", "--frequency", ...short, "--max-samples", "8"],
  comparison: ["compare", ...prompts],
  pairs: ["pairs", "test/data/stsb-dev-100.tsv", "--limit", "12"],
  domains: ["domains", "samples/fiction", "samples/math", ...short],
  calibration: ["domains", "samples/fiction", "samples/math", "--prune", ...short],
  patching: ["patch", ...prompts],
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
  neurons: ["neurons", "samples/math", "--window", "16", "--max-samples", "4"],
  models: ["compare", "samples/math", "--model-b", "models/demo", ...short],
};
