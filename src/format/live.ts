import { quoted } from "./model-words";
import { formatNumber, formatShare } from "./numbers";

/** How little a token was expected: 0 is nothing to show, 3 the least expected. */
export const UNEXPECTED_LEVELS = 3;
/** Probabilities below which a token is of a level. */
const BELOW = [0.1, 0.01, 0.001];

/** The level of a token, 0 … `UNEXPECTED_LEVELS`, by its loss, −log p. */
export function unexpectedLevel(loss: number): number {
  return BELOW.filter((probability) => Math.exp(-loss) < probability).length;
}

/** `The model gave " reef" a chance of 0.3 % here.` */
export function expectedInWords(token: string, loss: number): string {
  const probability = Math.exp(-loss);
  return `The model gave ${quoted(token)} a chance of ${probability < 1e-5 ? formatNumber(100 * probability) + " %" : formatShare(probability)} here.`;
}
