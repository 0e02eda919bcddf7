const prompts = ["--text", "The river rose in the night", "--text", "The river fell in the night"];
/** Texts are cut into short windows where nothing hangs on their length. */
export const short = ["--window", "32"];

/** A command for every kind of documents. */
export const commands: readonly (readonly string[])[] = [
  ["analyze", "samples/fiction/harbour.txt"],
  ["analyze", "samples/math", "--frequency", ...short, "--max-samples", "8"],
  ["compare", ...prompts],
  ["pairs", "test/data/stsb-dev-100.tsv", "--limit", "12"],
  ["domains", "samples/fiction", "samples/math", ...short],
  ["domains", "samples/fiction", "samples/math", "--prune", ...short],
  ["patch", ...prompts],
  ["prune", "samples/fiction", ...short],
  [
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
  ["quantize", "samples/fiction", ...short, "--evaluate", "samples/science/yeast.txt", "--compare", "uniform"],
  ["neurons", "samples/math", "--window", "16", "--max-samples", "4"],
  ["compare", "samples/math", "--model-b", "models/demo", ...short],
];
