import { elementAt } from "../../engine/numbers/elements";

const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of `share` of `width` characters, to an eighth of one; what is above zero is never invisible. */
export function bar(share: number, width: number): string {
  const parts = Math.round(Math.min(Math.max(share, 0), 1) * width * 8);
  const drawn = share > 0 ? Math.max(parts, 1) : 0;
  return "█".repeat(drawn >> 3) + elementAt(eighths, drawn & 7);
}

const shades = ["░", "▒", "▓", "█"];

/** One of four shades for `share` of the largest value. */
export function shade(share: number): string {
  return elementAt(shades, Math.min(Math.floor(Math.max(share, 0) * shades.length), shades.length - 1));
}
