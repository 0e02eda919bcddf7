import type { ResultDocument } from "../engine/document/document";
import { ParamscopeError } from "../engine/errors";
import { formatBytes } from "../engine/numbers/bytes";
import { formatCount } from "../format/numbers";
import { shortened } from "../format/readable";
import { findKind } from "./find-kind";
import type { Kind } from "./kind";
import { kinds } from "./kinds";
import { LONGEST_TEXT, parseJson } from "./parse-json";
import { validate } from "./validate";

/**
 * Bytes of a document, or characters where it is a text already. The longest that a run makes, of 100 layers with all their matrices and 64 texts of 2,048
 * tokens, has a fifth of that; reading one takes some ten times as much memory.
 */
const LARGEST = 60_000_000;

const remedy = "Make it again with this version of Paramscope.";

/**
 * To be asked before a document's file is read.
 * @throws ParamscopeError where it can be none.
 */
export function refuseLargeDocument(bytes: number, source: string): void {
  if (bytes > LARGEST)
    throw new ParamscopeError(
      `${source} has ${formatBytes(bytes)}, and a result of Paramscope at most ${formatBytes(LARGEST)}`,
      "Was something else given that name?",
    );
}

/**
 * Reads a document from its JSON text or that text's bytes, in turns. Unknown fields are kept.
 * @param source how the user knows the text, for the error: a file's path.
 * @throws ParamscopeError that says what is wrong and where in the document.
 */
export async function parseDocument(json: string | Uint8Array, source: string): Promise<ResultDocument> {
  refuseLargeDocument(json.length, source);
  let value: unknown;
  try {
    value = await parseJson(json);
  } catch (cause) {
    if (cause instanceof RangeError)
      throw new ParamscopeError(
        `${source} is not a Paramscope result: a piece of it has more than ${formatCount(LONGEST_TEXT)} characters`,
        "Was something else given that name?",
        { cause },
      );
    throw new ParamscopeError(`${source} is not a Paramscope result: it is not JSON`, "Was it cut short?", { cause });
  }
  const { format, version } = header(value);
  const kind = findKind(format);
  if (kind === undefined) {
    const found =
      format === undefined ? "it has no format" : `its format is ${shortened(JSON.stringify(format) ?? "", 60)}`;
    throw new ParamscopeError(
      `${source} is not a Paramscope result: ${found}`,
      `This version reads ${kinds.map((known) => known.format).join(", ")}.`,
    );
  }
  if (typeof version === "number" && version > (kind.version ?? 1)) {
    throw new ParamscopeError(
      `${source} was written by a newer Paramscope (${kind.format} version ${version})`,
      "Update Paramscope to read it.",
    );
  }
  const checked = await validate(await kind.schema(), value);
  if ("issue" in checked) {
    const { path, message } = checked.issue;
    throw new ParamscopeError(`${source} is damaged at ${place(path)}: ${lowerFirst(message)}`, remedy);
  }
  // the schema is the kind's own
  const document = checked.value as ResultDocument;
  refuseUnrelatedLists(kind, document, source);
  return document;
}

/**
 * A schema knows each list by itself. Those that belong together are equally long, or the document's tables cannot be made.
 * @throws ParamscopeError where they cannot.
 */
function refuseUnrelatedLists(kind: Kind, document: ResultDocument, source: string): void {
  try {
    kind.heading(document);
    kind.table(document);
    kind.readable(document);
  } catch (cause) {
    const { message } = cause as Error;
    throw new ParamscopeError(`${source} is damaged: its lists do not belong together (${message})`, remedy, { cause });
  }
}

function header(value: unknown): { format?: unknown; version?: unknown } {
  return typeof value === "object" && value !== null ? value : {};
}

/** The place of an issue in a document: `layers[3].modules[0].density`. */
function place(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return text.replace(/^\./, "") || "its top";
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
