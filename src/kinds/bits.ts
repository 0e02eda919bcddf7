import type { BitsDocument } from "../engine/document/document";
import { choiceInWords, formatBits } from "../format/bits";
import { bitsTable } from "../format/result-table";
import type { FromBitsView } from "../pages/bits";
import type { AskedOf, Parts } from "./asked";
import type { RunnableKind } from "./kind";

const asked = ({ asked, text, textSet, build }: Parts) => {
  const way = build.enum(["sensitivity", "activation", "output-error", "uniform", "llama.cpp"]);
  return asked.extend({
    bits: build.object({
      calibration: textSet,
      by: way,
      size: build.object({ kind: build.literal("bits"), bits: build.number(), orLeast: build.boolean().optional() }),
      /** On what it is measured what the choice costs, and the other ways and sizes that are measured there too. */
      evaluation: text.optional(),
      compared: build
        .object({ ways: build.array(way).readonly(), bits: build.array(build.number()).readonly() })
        .optional(),
      /** The GGUF file that is written. */
      exportTo: build.object({ file: build.string(), force: build.boolean() }).optional(),
    }),
  });
};

/** A model whose matrices get formats. */
export type AskedBits = AskedOf<typeof asked>;

interface BitsTypes {
  asked: AskedBits;
  document: BitsDocument;
  figure: never;
  about: object;
  from: FromBitsView;
  more: never;
}

/** One format for each matrix of a model, within a size. */
export const bitsKind: RunnableKind<BitsTypes> = {
  format: "paramscope.bits",
  page: "bits",
  schema: async () => (await import("../engine/document/bits")).bitsDocument,
  heading: ({ model, size, by, mixture }) =>
    `${model.name} at ${formatBits(size.bitsPerWeight)} bits, by ${choiceInWords({ by, mixture })}`,
  table: bitsTable,
  readable: bitsTable,
  async answer(message, { document, ...shown }, host) {
    if (message.type !== "chooseFormats") return false;
    if (document) await host.execute("chooseFormatsAgain", document, shown, message);
    return true;
  },
  run: {
    noun: "Compression",
    icon: "package",
    question: (title) => `Choose formats with ${title}`,
    asked,
    figures: [],
    about: () => ({}),
    purpose: ({ size }) => `${formatBits(size.bitsPerWeight)} bits`,
  },
};
