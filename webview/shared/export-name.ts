import { withinBytes } from "../../src/format/readable";

/** The most bytes of a file's name that are its title: file systems allow 255 for all of it. */
const LONGEST = 120;

/**
 * The name of a file that is exported, without its ending: `harbour-layers-85mm`. Of letters, digits and hyphens alone, and of two parts at
 * least, since some single words are names of devices.
 */
export function exportName(title: string, ...parts: readonly string[]): string {
  const named = words(title.replace(/^\S*[\\/](?=\S+$)/, "").replace(/\.[a-z]\w{0,11}$/i, ""));
  return [named === "" ? "paramscope" : named, ...parts.map(words)].join("-");
}

function words(text: string): string {
  const named = text.normalize("NFC").replace(/[^\p{L}\p{M}\p{N}]+/gu, "-");
  return withinBytes(named, LONGEST).replace(/^[-\p{M}]+|-+$/gu, "");
}
