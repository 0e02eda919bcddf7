import type { BitsDocument } from "../engine/document/document";
import { elementAt, zip } from "../engine/numbers/elements";
import { bytesOfBits, chooseOptions } from "../engine/quantize/choose-formats";
import { chosenOption } from "./bits";

/** Whether a document knows of every matrix what each of its formats costs: then formats can be chosen again at other sizes. */
export function canChooseAgain({ by, tensors }: Pick<BitsDocument, "by" | "tensors">): boolean {
  return by === "sensitivity" && tensors.every(({ options }) => options.every(({ cost }) => cost !== null));
}

/** The bits of each weight where all of them take so many bytes. */
export function bitsOfBytes(document: Pick<BitsDocument, "tensors" | "kept">, bytes: number): number {
  return (8 * bytes) / weightsOf(document);
}

/**
 * A document with the formats that its run would have chosen at another size; what was measured of the first choice is not of
 * this one, and is left out.
 * @param bits that each weight may take on the average.
 * @returns the document itself where that is the choice that it has; undefined where nothing is that small.
 */
export function chosenAgain(document: BitsDocument, bits: number): BitsDocument | undefined {
  const kept = document.tensors.reduce(
    (left, tensor) => left - (chosenOption(tensor)?.bytes ?? 0),
    document.size.bytes,
  );
  const chosen = chooseOptions(
    document.tensors.map(({ options }) => options.map(({ bytes, cost }) => ({ bytes, cost: cost ?? 0 }))),
    bytesOfBits(weightsOf(document), bits) - kept,
  );
  if (chosen === undefined) return undefined;
  const tensors = zip(document.tensors, chosen).map(([tensor, option]) => ({
    ...tensor,
    format: elementAt(tensor.options, option).format,
  }));
  if (zip(tensors, document.tensors).every(([one, other]) => one.format === other.format)) return document;
  const taken = tensors.reduce((sum, tensor) => sum + (chosenOption(tensor)?.bytes ?? 0), kept);
  return {
    ...document,
    tensors,
    size: { ...document.size, bytes: taken, bitsPerWeight: bitsOfBytes(document, taken) },
    evaluation: null,
    curve: [],
    tasks: undefined,
    continuation: null,
    files: [],
    recipe: null,
  };
}

/** The matrices' and those that are kept: what bits of a weight are a mean over. */
function weightsOf({ tensors, kept }: Pick<BitsDocument, "tensors" | "kept">): number {
  return tensors.reduce((sum, { parameters }) => sum + parameters, kept);
}
