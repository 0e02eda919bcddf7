import { readFile, stat } from "node:fs/promises";
import { ParamscopeError } from "../../errors";
import { isLfsPointer, lfsPointer, readError } from "./range-file";

/** config.json and tokenizer_config.json have some kilobytes; the index of the largest models some megabytes. */
const MAX_JSON_BYTES = 64 * 1024 * 1024;

/** A JSON object from a file, which Python may have written. @throws ParamscopeError */
export async function readJson(path: string, remedy: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    const { size } = await stat(path);
    if (size > MAX_JSON_BYTES) throw new ParamscopeError(`${path} is too large (${size} bytes).`, "Check the file.");
    text = await readFile(path, "utf8");
  } catch (error) {
    const { message, cause, remedy: own } = readError(path, error);
    throw new ParamscopeError(message, message.endsWith("does not exist.") ? remedy : own, { cause });
  }
  let value: unknown;
  try {
    value = parsePythonJson(text);
  } catch (error) {
    if (isLfsPointer(text)) throw lfsPointer(path);
    throw new ParamscopeError(`${path} is not valid JSON.`, "Download the file again.", { cause: error });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ParamscopeError(`${path} is not a JSON object.`, "Download the file again.");
  }
  return value as Record<string, unknown>;
}

/** Stands for NaN while JSON is parsed; no file has it. */
const NAN = "\u0000NaN\u0000";

/**
 * JSON with the numbers that Python's `json` writes and reads and the standard has not: NaN, Infinity, -Infinity.
 * @throws SyntaxError
 */
export function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // strings are taken whole, so that words in them stay as they are
    const written = text.replace(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g, (found) => {
      if (found.startsWith('"')) return found;
      return found === "NaN" ? JSON.stringify(NAN) : found.replace("Infinity", "1e999");
    });
    if (written === text) throw error;
    return JSON.parse(written, (_, value: unknown) => (value === NAN ? NaN : value));
  }
}
