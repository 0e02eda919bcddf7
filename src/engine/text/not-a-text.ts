import { ParamscopeError } from "../errors";

/** What a file is that no model is meant to read. */
export type OtherFile = "saved" | "resume" | "model";

/** The error of a file that is one of ours, or a model: whatever its name, and also where it could be decoded. */
export class NotATextError extends ParamscopeError {
  constructor(
    readonly kind: OtherFile,
    message: string,
    remedy: string,
  ) {
    super(message, remedy);
  }
}

/** What a saved result is, by its `format` as in `paramscope.analysis`, and what it is called where its remedy is said. */
const results: ReadonlyMap<string, readonly [is: string, called: string]> = new Map([
  ["analysis", ["an analysis", "analysis"]],
  ["comparison", ["a comparison", "comparison"]],
  ["frequency", ["counts of how often weights are active", "count"]],
  ["domains", ["a comparison of folders", "comparison of folders"]],
  ["pairs", ["sentence pairs", "result of sentence pairs"]],
  ["patching", ["an activation patching", "patching"]],
  ["pruning", ["a pruning", "pruning"]],
  ["calibration", ["a study of calibrations", "study of calibrations"]],
  ["bits", ["a choice of formats", "choice of formats"]],
  ["shrink", ["a shrunk model's result", "result of a shrunk model"]],
  ["neurons", ["a deactivation of neurons", "deactivation of neurons"]],
  ["models", ["a comparison of two models", "comparison of two models"]],
]);

const SAVED = ".paramscope";
const modelNames = [".gguf", ".safetensors"];
const namesOfModels = "Name a text file; a model is chosen apart from the texts.";
/** Bytes from the beginning of a file, as many as say what it is. */
export const HEAD_BYTES = 4096;

/**
 * Refuses what is no text for a model to read.
 * @param source how the user knows the text, for the error: a file's path.
 * @throws NotATextError for a saved result, whatever its name, and for a name that such a file or a model has.
 */
export function refuseOtherFile(source: string, text: string): void {
  const format = formatOf(text);
  if (format !== undefined) throw ofFormat(source, format);
  refuseName(source);
}

/**
 * Refuses, as `refuseOtherFile` does, bytes that are not decoded, or as many as `HEAD_BYTES` from their beginning.
 * @throws NotATextError for a GGUF or safetensors file, a saved result, and a file to resume from.
 */
export function refuseOtherBytes(source: string, bytes: Buffer): void {
  const format = headFormat(
    bytes
      .subarray(0, HEAD_BYTES)
      .toString("latin1")
      .replace(/^\xEF\xBB\xBF/, ""),
  );
  // a saved result may be read for what it is; a file to resume from is text in its first line only
  if (format === "paramscope.resume") throw ofFormat(source, format);
  const model = modelOf(bytes);
  if (model !== undefined)
    throw new NotATextError("model", `${source} is a model (${model}), not a text`, namesOfModels);
}

/**
 * Refuses a file that is too large to be read, by what is known of it.
 * @param head its first bytes, where they can be had.
 * @throws NotATextError as the other two do.
 */
export function refuseLargeFile(source: string, head: Buffer = Buffer.alloc(0)): void {
  refuseOtherBytes(source, head);
  const format = headFormat(head.toString("latin1"));
  if (format !== undefined) throw ofFormat(source, format);
  refuseName(source);
}

/** What a file is by its name, for files that are not read. */
export function kindByName(source: string): OtherFile | undefined {
  const name = source.toLowerCase();
  if (name.endsWith(SAVED)) return "saved";
  return modelNames.some((ending) => name.endsWith(ending)) ? "model" : undefined;
}

function refuseName(source: string): void {
  const kind = kindByName(source);
  if (kind === undefined) return;
  const what = kind === "saved" ? "saved result of Paramscope" : "model";
  throw new NotATextError(
    kind,
    `${source} has the name of a ${what}, not of a text`,
    "Give it another name if it is a text.",
  );
}

function ofFormat(source: string, format: string): NotATextError {
  const kind = format.replace("paramscope.", "");
  if (kind === "resume")
    return new NotATextError(
      "resume",
      `${source} keeps how far a run of Paramscope is, and is not a text`,
      "Name the texts themselves.",
    );
  const [is, called] = results.get(kind) ?? [format];
  const message = `${source} is a saved result of Paramscope (${is}), not a text`;
  if (called === undefined) return new NotATextError("saved", message, "Name the texts themselves.");
  const named = source.toLowerCase().endsWith(SAVED) ? "" : `, under a name that ends in ${SAVED},`;
  const compared = kind === "analysis" ? " and can be one side of a comparison" : "";
  return new NotATextError(
    "saved",
    message,
    `Name the texts themselves; a saved ${called}${named} opens in VS Code${compared}.`,
  );
}

/** The format of the document that a text is, as in `paramscope.analysis`. */
function formatOf(text: string): string | undefined {
  const format = headFormat(text);
  if (format !== undefined) return format;
  // other programs order the fields of an object as they like
  if (!/^\s*\{/.test(text) || !text.includes('"paramscope.')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const format = typeof value === "object" && value !== null && "format" in value ? value.format : undefined;
    return typeof format === "string" && format.startsWith("paramscope.") ? format : undefined;
  } catch {
    return undefined;
  }
}

/** The format of a document as Paramscope writes it, also of one that is cut short. */
function headFormat(text: string): string | undefined {
  return /^\s*\{\s*"format"\s*:\s*"(paramscope\.[\w-]+)"/.exec(text)?.[1];
}

/** What kind of model file bytes are: both kinds have zeros in their first bytes, numbers of 4 and 8 bytes. */
function modelOf(bytes: Buffer): string | undefined {
  const head = bytes.subarray(0, 16);
  if (!head.includes(0)) return undefined;
  if (head.toString("latin1", 0, 4) === "GGUF") return "GGUF";
  return head.length > 8 && head.readUInt32LE(4) === 0 && head[8] === 0x7b ? "safetensors" : undefined;
}
