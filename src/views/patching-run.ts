import type { PatchedPrompt, PatchingDocument } from "../engine/document/document";
import type { PatchingParams } from "../scoring/protocol";
import type { FromPatchingView, PatchedTexts } from "../pages/patching";
import type { Asked, RunKind } from "./run-kind";

/** A prompt to be patched into another. */
export type AskedPatching = Asked & Omit<PatchingParams, "run" | "settings">;

export interface PatchingTypes {
  asked: AskedPatching;
  document: PatchingDocument;
  layer: never;
  about: PatchedTexts;
  done: object;
  more: never;
  from: FromPatchingView;
}

/** The run of activation patching. */
export const patchingRun: RunKind<PatchingTypes> = {
  format: "paramscope.patching",
  about: ({ a, b, site }) => ({ a: a.text, b: b.text, site }),
  layer: () => {
    throw new Error("a layer of patching is not there before all are");
  },
  done: {},
  estimate: (scoring, { a, b, site, answers }, settings, ...run) =>
    scoring.estimate({ patching: { a, b, site, answers }, settings }, ...run),
  compute: (scoring, { a, b, site, answers }, settings, ...run) =>
    scoring.patch({ a, b, site, answers, settings }, ...run),
  askedOf: ({ a, b, site, model }, of) => ({ ...of, a: promptOf(a), b: promptOf(b), site, model }),
  again: (asked, { site, answers, swapped }) => ({
    ...asked,
    ...(swapped ? { a: asked.b, b: asked.a } : {}),
    site,
    answers,
  }),
};

/** Id for id: a text that stands in a chat template would get another one. */
function promptOf({ source, text, tokens }: PatchedPrompt): AskedPatching["a"] {
  return { source, text, tokens };
}
