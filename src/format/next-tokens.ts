import { quoted } from "./model-words";
import { formatShare } from "./numbers";

/** What a model expects behind a text, the likeliest first. */
interface NextTokens {
  readonly tokens: readonly { readonly text: string; readonly probability: number }[];
  readonly isCut: boolean;
}

/** `Next token: " river" 31 %` */
export function nextTokenInWords({ tokens: [first] }: NextTokens): string {
  return first ? `Next token: ${likely(first)}` : "Next token: none";
}

/** `The demo model's likeliest tokens behind this text: " river" 31 %, …` */
export function nextTokensInWords({ tokens, isCut }: NextTokens, model: string): string {
  const read = isCut ? "the end of this text, which is longer than a window" : "this text";
  return `${model} expects behind ${read}: ${tokens.map(likely).join(", ")}`;
}

/** How many of the likeliest tokens have room in a line. */
const IN_LINE = 3;

/** `" river" 31 % · " sea" 12 % · " town" 5 %` */
export function nextInLine(tokens: NextTokens["tokens"]): string {
  return tokens.slice(0, IN_LINE).map(likely).join(" · ");
}

function likely({ text, probability }: NextTokens["tokens"][number]): string {
  return `${quoted(text)} ${formatShare(probability)}`;
}
