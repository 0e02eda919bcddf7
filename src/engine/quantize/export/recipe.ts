import type { FormatName } from "../formats";
import type { PlannedTensor } from "./plan";

/** Tensors that llama-quantize gives a type by options of their own. */
const BY_OPTION: Readonly<Record<string, string>> = {
  "token_embd.weight": "--token-embedding-type",
  "output.weight": "--output-tensor-type",
};

/**
 * File types whose rules no tensor is left to. Their formats are in blocks of 32: where rows are no whole blocks of a file type's own format, some versions pass over
 * what a tensor is given.
 */
const OTHER_FILE_TYPES = ["Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0"] as const satisfies readonly FormatName[];

/** How llama-quantize makes the same file of a GGUF file of floats. */
export interface Recipe {
  /** What stands in the file that `--tensor-type-file` names: a line `pattern=type` for each tensor. */
  readonly types: string;
  /** The arguments that belong to it, but for the files: `--token-embedding-type q8_0`. */
  readonly options: readonly string[];
  /** The file type that is named last: one whose format no tensor has, since some versions take what equals it for nothing said, and go by their rules. */
  readonly fileType: string;
}

/**
 * The recipe of a choice of formats. Patterns are regular expressions (std::regex, ECMAScript) that llama.cpp searches for in a tensor's name, which it reads in small letters: they are
 * anchored, and dots are dots. What stands between white space is a line of the file.
 * @param formatOf the format of each tensor that is quantised; undefined: it is left to llama.cpp's rules.
 */
export function recipeOf(
  tensors: readonly PlannedTensor[],
  formatOf: (tensor: PlannedTensor) => FormatName | undefined,
): Recipe {
  const lines: string[] = [];
  const options: string[] = [];
  const used = new Set<FormatName>();
  for (const tensor of tensors) {
    const format = tensor.isQuantized ? formatOf(tensor) : undefined;
    if (format === undefined) continue;
    used.add(format);
    const option = BY_OPTION[tensor.name];
    const type = format.toLowerCase();
    if (option === undefined) lines.push(`^${tensor.name.replaceAll(".", "\\.")}$=${type}`);
    else options.push(option, type);
  }
  return {
    types: lines.map((line) => `${line}\n`).join(""),
    options,
    // where all are in use, what is lost is no more than those tensors that have the first one
    fileType: OTHER_FILE_TYPES.find((one) => !used.has(one)) ?? OTHER_FILE_TYPES[0],
  };
}

/** The files that a recipe is carried out with. */
export interface RecipeFiles {
  readonly types: string;
  readonly imatrix?: string;
  /** The GGUF file that is quantised, and the one that is written. */
  readonly from: string;
  readonly to: string;
  /** Its weights are quantised already. */
  readonly isQuantized: boolean;
}

/** The arguments of `llama-quantize` that carry a recipe out. */
export function quantizeArguments({ options, fileType }: Recipe, files: RecipeFiles): string[] {
  return [
    "llama-quantize",
    ...(files.isQuantized ? ["--allow-requantize"] : []),
    ...(files.imatrix === undefined ? [] : ["--imatrix", files.imatrix]),
    ...options,
    "--tensor-type-file",
    files.types,
    files.from,
    files.to,
    fileType,
  ];
}
