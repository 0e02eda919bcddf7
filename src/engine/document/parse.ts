import type * as z from "zod";
import { ParamscopeError } from "../errors";
import { elementAt } from "../numbers/elements";
import { analysisDocument } from "./analysis";
import { calibrationDocument } from "./calibration";
import { comparisonDocument } from "./comparison";
import type { ParamscopeDocument } from "./document";
import { domainsDocument } from "./domains";
import { frequencyDocument } from "./frequency";
import { neuronsDocument } from "./neurons";
import { pairsDocument } from "./pairs";
import { patchingDocument } from "./patching";
import { pruningDocument } from "./pruning";

const schemas: Record<ParamscopeDocument["format"], z.ZodType<ParamscopeDocument>> = {
  "paramscope.analysis": analysisDocument,
  "paramscope.comparison": comparisonDocument,
  "paramscope.frequency": frequencyDocument,
  "paramscope.domains": domainsDocument,
  "paramscope.pairs": pairsDocument,
  "paramscope.patching": patchingDocument,
  "paramscope.pruning": pruningDocument,
  "paramscope.calibration": calibrationDocument,
  "paramscope.neurons": neuronsDocument,
};

const remedy = "Make it again with this version of Paramscope.";

/**
 * Reads a document from its JSON text. Unknown fields are kept.
 * @param source how the user knows the text, for the error: a file's path.
 * @throws ParamscopeError that says what is wrong and where in the document.
 */
export function parseDocument(json: string, source: string): ParamscopeDocument {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new ParamscopeError(`${source} is not a Paramscope result: it is not JSON`, "Was it cut short?", { cause });
  }
  const { format, version } = header(value);
  if (!isFormat(format)) {
    const found = format === undefined ? "it has no format" : `its format is ${JSON.stringify(format)}`;
    throw new ParamscopeError(
      `${source} is not a Paramscope result: ${found}`,
      `This version reads ${Object.keys(schemas).join(", ")}.`,
    );
  }
  if (typeof version === "number" && version > 1) {
    throw new ParamscopeError(
      `${source} was written by a newer Paramscope (${format} version ${version})`,
      "Update Paramscope to read it.",
    );
  }
  const result = schemas[format].safeParse(value);
  if (!result.success) {
    const { path, message } = elementAt(result.error.issues, 0);
    throw new ParamscopeError(`${source} is damaged at ${place(path)}: ${lowerFirst(message)}`, remedy, {
      cause: result.error,
    });
  }
  return result.data;
}

function header(value: unknown): { format?: unknown; version?: unknown } {
  return typeof value === "object" && value !== null ? value : {};
}

function isFormat(format: unknown): format is ParamscopeDocument["format"] {
  return typeof format === "string" && Object.hasOwn(schemas, format);
}

/** The place of an issue in a document: `layers[3].modules[0].density`. */
function place(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return text.replace(/^\./, "") || "its top";
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
