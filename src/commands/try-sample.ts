import * as vscode from "vscode";

import { type CuratedModel, curatedModels } from "../engine/model/hub/curated";
import { formatBytes } from "../engine/numbers/bytes";
import type { KnownModel } from "../editor/models";
import { showInformation, showPick } from "../editor/said";
import { subjectOfDocument } from "../editor/texts";
import { analysisKind } from "../kinds/analysis";
import { comparing, comparisonKind } from "../kinds/comparison";
import type { App } from "../views/app";
import { downloadModel } from "./download-model";
import { patchFirst } from "./patch";

interface Sample extends vscode.QuickPickItem {
  readonly name: string;
  readonly run: (app: App) => Promise<void>;
}

/** What there is to try, each with texts that come with Paramscope. */
const samples: readonly Sample[] = [
  {
    name: "story",
    label: "A story",
    detail: "Which layers, matrices and heads it uses beside typical texts, and which words the prediction rests on",
    run: async (app) => {
      await app.run(analysisKind, await opened(app, "samples/fiction/harbour.txt"));
      await tellOfWords(app);
    },
  },
  {
    name: "capitals",
    label: "Two capitals",
    detail: "“The capital of Italy …” and “… of Japan …”: which layer and which word carry the answer",
    run: async (app) => {
      if (!(await hasKnowingModel(app))) return;
      const [a, b] = await pair(app, "italy.txt", "japan.txt");
      await patchFirst(app, a, b);
    },
  },
  {
    name: "poems",
    label: "Two prompts",
    detail: "“Write a haiku …” and “Write a limerick …”: where they part",
    run: async (app) => {
      await app.run(comparisonKind, comparing(...(await pair(app, "haiku.txt", "limerick.txt"))));
      await tellOfWords(app);
    },
  },
];

/** Opens a text that comes with Paramscope and shows what can be seen of it: the named sample, or one that the user chooses. */
export async function trySample(app: App, name?: unknown): Promise<void> {
  const sample =
    samples.find((each) => each.name === name) ??
    (await showPick(samples, { title: "Try a sample", placeHolder: "Texts that come with Paramscope" }));
  await sample?.run(app);
}

async function pair(app: App, a: string, b: string) {
  return [await opened(app, `media/prompts/${a}`), await opened(app, `media/prompts/${b}`)] as const;
}

/** A file of Paramscope's in the editor, its lines wrapped: it is a sample of prose. */
async function opened({ context }: App, path: string) {
  const uri = vscode.Uri.joinPath(context.extensionUri, ...path.split("/"));
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One, preview: false });
  if (vscode.workspace.getConfiguration("editor", document).get("wordWrap") === "off" && !wrapped.has(document)) {
    wrapped.add(document);
    await vscode.commands.executeCommand("editor.action.toggleWordWrap");
  }
  return subjectOfDocument(document);
}

/** Those whose lines are wrapped already: the command would unwrap them. */
const wrapped = new WeakSet<vscode.TextDocument>();

const suggested = curatedModels.find(({ id }) => id === "HuggingFaceTB/SmolLM2-135M");

/** Whether the chosen model knows anything; of the bundled one another is asked for. */
async function hasKnowingModel(app: App): Promise<boolean> {
  const { models } = app;
  if (!models.isBundled) return true;
  const others = (await models.list()).filter(({ kind }) => kind !== "bundled");
  const choices: (vscode.QuickPickItem & { readonly model?: KnownModel })[] = others.map((model) => ({
    label: model.id,
    description: model.architecture,
    model,
  }));
  if (suggested && !others.some(({ id }) => id === suggested.id))
    choices.push({ label: `Download ${suggested.id}`, description: sizeAndLicence(suggested) });
  const chosen = await showPick(choices, {
    title: "Two capitals",
    placeHolder: "The bundled model knows no capitals: take another",
  });
  if (chosen?.model) await models.choose(chosen.model);
  else if (chosen && suggested) await downloadModel(app, suggested.id);
  return !models.isBundled;
}

function sizeAndLicence({ approximateBytes, licence }: CuratedModel): string {
  return `${formatBytes(approximateBytes)}, ${licence}`;
}

const TOLD_KEY = "toldOfBundledWords";

/** Says once that the words of the bundled model are not worth reading, and whose are. */
async function tellOfWords({ context, models }: App): Promise<void> {
  if (!suggested || !models.isBundled || context.globalState.get(TOLD_KEY) === true) return;
  await context.globalState.update(TOLD_KEY, true);
  const download = "Download";
  // not awaited by the sample: a notification stays until it is answered
  void showInformation(
    "The bundled model is tiny: its figures are exact, but the words that it predicts are nonsense. " +
      `SmolLM2-135M predicts sense (${sizeAndLicence(suggested)}).`,
    {},
    download,
  ).then((answer) => {
    if (answer === download) void vscode.commands.executeCommand("paramscope.downloadModel", suggested.id);
  });
}
