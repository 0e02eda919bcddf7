import type { App } from "../editor/app";
import { showFailure } from "../editor/failure";
import type { Subject } from "../editor/texts";
import type { PairsDocument } from "../engine/document/document";
import { defaults } from "../engine/run/defaults";
import { comparing } from "./comparison-run";
import type { PairsTypes } from "./pairs-run";
import type { PanelKind } from "./run-panel";
import { answerCommonMessage } from "./view-messages";

/** What panels and saved files answer alike. */
export const answerPairsMessage: PanelKind<PairsTypes>["answer"] = async (app, message, { document, ...shown }) => {
  if (message.type !== "compare") {
    await answerCommonMessage(app, message, { ...shown, document, samples: [] });
    return;
  }
  try {
    if (document) await comparePair(app, document, message.pair);
  } catch (error) {
    await showFailure(error, app.log);
  }
};

/** The two sentences of a pair as they were run: within the template, with the pairs' own model and target. */
async function comparePair(app: App, { source, pairs, template, model, target, run }: PairsDocument, index: number) {
  const pair = pairs[index];
  const side = (letter: "A" | "B", sentence: string): Subject => {
    const title = `Pair ${index + 1} ${letter}`;
    const text = (template ?? "{text}").replaceAll("{text}", () => sentence);
    return { title, texts: [{ source: `${source}: ${title}`, text }], notes: [], origins: [] };
  };
  const options = {
    target,
    threshold: { mode: "share", share: defaults.share },
    window: run.window ?? defaults.window,
    chat: run.chat ?? defaults.chat,
  } as const;
  await app.comparisons.run(comparing(side("A", pair.a), side("B", pair.b), { model, options }));
}
