import type { PatchedPrompt, PatchingDocument } from "../engine/document/document";
import { patchingTable } from "../format/result-table";
import type { FromPatchingView, PatchedTexts } from "../pages/patching";
import type { AskedOf, Parts, PromptSource } from "./asked";
import type { RunnableKind } from "./kind";

const asked = ({ asked, prompt, build }: Parts) =>
  asked.extend({
    a: prompt,
    b: prompt,
    site: build.enum(["residual", "attention", "mlp"]),
    /** The answers of A and of B, each the text of one token; undefined: the likeliest next tokens. */
    answers: build.tuple([build.string(), build.string()]).readonly().optional(),
  });

/** A prompt to be patched into another. */
export type AskedPatching = AskedOf<typeof asked>;

interface PatchingTypes {
  asked: AskedPatching;
  document: PatchingDocument;
  // No layer is final before all are.
  figure: never;
  about: PatchedTexts;
  from: FromPatchingView;
  more: never;
}

/** Which layer and token carries A's answer. */
export const patchingKind: RunnableKind<PatchingTypes> = {
  format: "paramscope.patching",
  page: "patching",
  schema: async () => (await import("../engine/document/patching")).patchingDocument,
  heading: ({ a, b }) => `${a.source} into ${b.source}`,
  table: patchingTable,
  readable: patchingTable,
  run: {
    noun: "Patching",
    icon: "table",
    question: (title) => `Patch ${title}`,
    asked,
    figures: [],
    about: ({ a, b, site }) => ({ a: a.text, b: b.text, site }),
    purpose: ({ answers }) => `logit:${answers.a.text}-${answers.b.text}`,
    askedOf: ({ a, b, site, model }, of) => ({ ...of, a: promptOf(a), b: promptOf(b), site, model }),
    again: (asked, { site, answers, swapped }) => ({
      ...asked,
      ...(swapped ? { a: asked.b, b: asked.a } : {}),
      site,
      answers,
    }),
  },
};

/** A prompt of a result, id for id: a text that stands in a chat template would get another one. */
function promptOf({ source, text, tokens }: PatchedPrompt): PromptSource {
  return { source, text, tokens };
}
