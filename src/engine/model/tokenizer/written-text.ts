import type { Tokenizer } from "./tokenizer";

/** The text that ids say, those of a character that several tokens make up together. */
export function writtenText(ids: readonly number[], { tokenizer }: { readonly tokenizer: Tokenizer }): string {
  const texts = ids.map((id) => tokenizer.tokenText(id));
  return texts
    .join("")
    .replace(/(?:<0x[0-9A-F]{2}>)+/g, (bytes) =>
      new TextDecoder().decode(Uint8Array.from(bytes.matchAll(/[0-9A-F]{2}/g), ([byte]) => parseInt(byte, 16))),
    );
}
