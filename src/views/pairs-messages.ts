import type * as vscode from "vscode";

import { locateModel } from "../cli/models/resolve";
import type { App } from "../editor/app";
import { showFailure } from "../editor/failure";
import type { Subject } from "../editor/texts";
import type { PairsDocument } from "../engine/document/document";
import { ParamscopeError } from "../engine/errors";
import type { FromPairsView } from "./pairs-protocol";
import { answerCommonMessage } from "./view-messages";

/** What is shown while the message comes. */
interface Shown {
  readonly document: PairsDocument | undefined;
  readonly title: string;
  readonly column: vscode.ViewColumn | undefined;
}

/** What panels and saved files answer alike. */
export async function answerPairsMessage(
  app: App,
  message: Exclude<FromPairsView, { type: "ready" | "cancel" | "tryAgain" }>,
  { document, ...shown }: Shown,
): Promise<void> {
  if (message.type !== "compare") {
    await answerCommonMessage(app, message, { ...shown, document, samples: [], origins: [] });
    return;
  }
  try {
    if (document) await comparePair(app, document, message.pair);
  } catch (error) {
    await showFailure(error, app.log);
  }
}

const TOP_SHARE = 0.1;

/** The two sentences of a pair as they were run: within the template, with the pairs' own model and target. */
async function comparePair(app: App, { source, pairs, template, model, target, run }: PairsDocument, index: number) {
  const pair = pairs[index];
  const modelPath = await locateModel(model.path);
  if (modelPath === undefined)
    throw new ParamscopeError(
      `To compare the two needs the model ${model.name}, which is not at ${model.path} any more`,
      "Put it there or download it again.",
    );
  const side = (letter: "A" | "B", sentence: string): Subject => {
    const title = `Pair ${index + 1} ${letter}`;
    const text = (template ?? "{text}").replaceAll("{text}", () => sentence);
    return { title, texts: [{ source: `${source}: ${title}`, text }], notes: [], origins: [] };
  };
  await app.comparisons.compare(side("A", pair.a), side("B", pair.b), {
    modelPath,
    options: {
      target,
      threshold: { mode: "share", share: TOP_SHARE },
      window: run.window ?? 512,
      chat: run.chat ?? false,
    },
  });
}
