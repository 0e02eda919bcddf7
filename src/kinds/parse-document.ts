import type { ResultDocument } from "../engine/document/document";
import { ParamscopeError } from "../engine/errors";
import { formatBytes } from "../engine/numbers/bytes";
import { findKind } from "./find-kind";
import { kinds } from "./kinds";
import { validate } from "./validate";

/**
 * Characters of a document. The longest that a run makes, of 100 layers with all their matrices and 64 texts of 2,048 tokens, has a fifth of that; reading
 * one takes some ten times as much memory.
 */
const LONGEST = 60_000_000;

const remedy = "Make it again with this version of Paramscope.";

/**
 * Reads a document from its JSON text. Unknown fields are kept.
 * @param source how the user knows the text, for the error: a file's path.
 * @throws ParamscopeError that says what is wrong and where in the document.
 */
export async function parseDocument(json: string, source: string): Promise<ResultDocument> {
  if (json.length > LONGEST)
    throw new ParamscopeError(
      `${source} has ${formatBytes(json.length)}, and a result of Paramscope at most ${formatBytes(LONGEST)}`,
      "Was something else given that name?",
    );
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new ParamscopeError(`${source} is not a Paramscope result: it is not JSON`, "Was it cut short?", { cause });
  }
  const { format, version } = header(value);
  const kind = findKind(format);
  if (kind === undefined) {
    const found = format === undefined ? "it has no format" : `its format is ${JSON.stringify(format)}`;
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
  return checked.value as ResultDocument;
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
