import { elementAt } from "../../numbers/elements";

/** GPT-2's bytes_to_unicode: the character that stands for each byte in a byte-level vocabulary. */
export const CHARACTER_OF_BYTE: readonly string[] = (() => {
  const characters: string[] = [];
  let beyond = 256;
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    characters.push(String.fromCharCode(printable ? byte : beyond++));
  }
  return characters;
})();

const BYTE_OF_CHARACTER = new Map(CHARACTER_OF_BYTE.map((character, byte) => [character, byte]));

/** The bytes that a byte-level token stands for; undefined when it is not written in byte characters. */
export function bytesOf(token: string): number[] | undefined {
  const bytes: number[] = [];
  for (const character of token) {
    const byte = BYTE_OF_CHARACTER.get(character);
    if (byte === undefined) return undefined;
    bytes.push(byte);
  }
  return bytes;
}

/** Bytes as text, with `<0xE2>` for each one that is not part of a whole UTF-8 character. */
export function textOfBytes(bytes: readonly number[]): string {
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const first = elementAt(bytes, at);
    const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    const character = decode(bytes.slice(at, at + length));
    text += character ?? byteName(first);
    at += character === undefined ? 1 : length;
  }
  return text;
}

/** A byte as vocabularies name it that have bytes as a fallback: `<0xE2>` */
export function byteName(byte: number): string {
  return `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decode(bytes: readonly number[]): string | undefined {
  try {
    return decoder.decode(Uint8Array.from(bytes));
  } catch {
    return undefined;
  }
}
