import { ParamscopeError } from "../errors";
import { formatBytes } from "../numbers/bytes";
import { bytesOfChoice, chooseFormats, optionsOf, smallestOf, type Choosing } from "./costs-by-way";
import type { Way } from "./options";
import { bitsPerWeight } from "./tensors";

/** The bytes that the weights take at least and at most, with the formats that may be chosen. */
export function boundsOf(choosing: Choosing): { readonly least: number; readonly most: number } {
  const all = choosing.tensors.map((tensor) => optionsOf(choosing, tensor));
  const largest = all.map((own) => own.reduce((one, other) => (other.bitsPerWeight > one.bitsPerWeight ? other : one)));
  return { least: bytesOfChoice(choosing, all.map(smallestOf)), most: bytesOfChoice(choosing, largest) };
}

/**
 * Whether anything is as small as that, which is known before anything is measured.
 * @param least that `boundsOf` says.
 * @throws ParamscopeError where nothing is, with the size that would do.
 */
export function checkSize(choosing: Choosing, by: Way, bytes: number, least: number): void {
  if (bytes >= least) {
    const isOfOne = by === "uniform" || by === "llama.cpp";
    if (!isOfOne || chooseFormats(choosing, by, bytes) !== undefined) return;
    throw new ParamscopeError(
      `${by === "uniform" ? "No format for all is" : "No mixture of llama.cpp is"} as small as ${formatBytes(bytes)}.`,
      "Choose by sensitivity, or give a larger size.",
    );
  }
  const bits = bitsPerWeight(choosing, least);
  throw new ParamscopeError(
    `The weights cannot be as small as ${formatBytes(Math.max(0, bytes))}: with the formats there are they take at least ${formatBytes(least)}, ${bits.toFixed(2)} bits a weight.`,
    `Give at least ${Math.ceil(100 * bits) / 100} bits a weight.`,
  );
}
