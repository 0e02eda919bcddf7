import { styleText } from "node:util";
import type { TextOutput } from "./streams";

type Format = Parameters<typeof styleText>[0];

/** Puts colour around a text, or not. */
export type Style = (format: Format, text: string) => string;

/** The style that leaves texts as they are. */
export const plain: Style = (_format, text) => text;

/** Colour where the stream is a terminal that has it, and the user did not ask for none (`NO_COLOR`, `TERM=dumb`). */
export function styleFor(stream: TextOutput): Style {
  // styleText would otherwise look at standard output, whatever the stream here is.
  const inColour = stream.isTTY && stream.hasColors();
  return inColour ? (format, text) => (text === "" ? "" : styleText(format, text, { validateStream: false })) : plain;
}
