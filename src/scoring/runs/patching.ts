import type { PatchingDocument } from "../../engine/document/document";
import { restoreSample } from "../../engine/document/restore";
import { estimatePatching, patching, patchingFlops, type PatchingRequest } from "../../engine/index";
import type { PromptSource } from "../../kinds/asked";
import type { AskedPatching } from "../../kinds/patching";
import { machineOptions } from "./options";
import type { Run, RunContext } from "./run";

/** Which layer and token carries A's answer. */
export const patchingRun: Run<AskedPatching, PatchingDocument> = {
  format: "paramscope.patching",
  start: (asked, context) => patching(requestOf(asked, context)),
  arithmetic: (asked, context) => patchingFlops(requestOf(asked, context)),
  estimate: async (asked, context) => await estimatePatching(requestOf(asked, context)),
};

function requestOf({ a, b, site, answers }: AskedPatching, context: RunContext): PatchingRequest {
  const { chat } = context.settings;
  return { ...machineOptions(context), a: promptOf(a), b: promptOf(b), site, answers, chat };
}

function promptOf({ source, text, tokens }: PromptSource): PatchingRequest["a"] {
  return tokens ? restoreSample({ source, text, offset: 0, tokens: [...tokens] }) : { source, text };
}
