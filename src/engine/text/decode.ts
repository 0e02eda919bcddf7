import { isUtf8 } from "node:buffer";
import { ParamscopeError } from "../errors";
import { refuseOtherBytes } from "./not-a-text";

/**
 * The text that bytes hold: UTF-8, a byte-order mark dropped, nothing else changed.
 * @param source how the user knows the bytes, for the error.
 * @throws ParamscopeError for binary data, UTF-16 and invalid UTF-8; `NotATextError` where it is known what else they are.
 */
export function decodeText(bytes: Buffer, source: string): string {
  const [a, b] = bytes;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
    throw new ParamscopeError(`${source} is in UTF-16`, "Save it as UTF-8.");
  }
  refuseOtherBytes(source, bytes);
  // A NUL byte is the mark of binary data that git and grep go by too.
  if (bytes.includes(0)) {
    throw new ParamscopeError(`${source} is a binary file, not text`, "Name a text file.");
  }
  if (!isUtf8(bytes)) {
    throw new ParamscopeError(`${source} is not valid UTF-8 (byte ${firstInvalidByte(bytes)})`, "Save it as UTF-8.");
  }
  const text = bytes.toString("utf8");
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

/** Offset of the first character that is not UTF-8, found by halving. */
function firstInvalidByte(bytes: Buffer): number {
  let valid = 0;
  let invalid = bytes.length;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (isUtf8Prefix(bytes.subarray(0, middle))) valid = middle;
    else invalid = middle;
  }
  // A character of several bytes breaks only at its second or a later one.
  while (!isUtf8(bytes.subarray(0, valid))) valid--;
  return valid;
}

/** Whether bytes are valid but for a last character that is cut short. */
function isUtf8Prefix(bytes: Buffer): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
