import { posix } from "node:path";
import * as vscode from "vscode";

import type { App } from "../views/app";
import { readText } from "../editor/workspace-files";
import { ParamscopeError } from "../engine/errors";
import type { Columns, ReadPairs, UnknownColumnsError } from "../engine/pairs/read-pairs";
import { ONE_WORD_TEMPLATE, PLACE } from "../engine/text/template";
import { shortened } from "../format/readable";
import { pairsKind } from "../kinds/pairs";
import { askForLine, showPick } from "../editor/said";

/** More are offered as a choice: a quick look takes as many. */
const QUICK_LOOK = 100;

/** Do activations follow what people say? Runs a table of sentence pairs with human scores. */
export async function comparePairs(app: App, clicked?: unknown): Promise<void> {
  const uri = clicked instanceof vscode.Uri ? clicked : vscode.window.activeTextEditor?.document.uri;
  if (!uri) throw new ParamscopeError("No table is open", "Right-click a .csv or .tsv file of sentence pairs.");
  const source = vscode.workspace.asRelativePath(uri);
  const read = await readAskingForColumns(await readText(uri), source);
  if (!read) return;
  const limit = await askForLimit(read.pairs.length);
  if (limit === undefined) return;
  const template = await askForTemplate();
  if (template === undefined) return;
  const { choosePairs, leftOutNotes } = await import("../engine/pairs/choose-pairs");
  const pairs = choosePairs(read.pairs, { limit });
  await app.run(pairsKind, {
    title: posix.basename(uri.path),
    origins: [],
    pairs,
    source,
    notes: leftOutNotes(read, pairs, source),
    template: template === "" ? undefined : template,
  });
}

async function readAskingForColumns(text: string, source: string): Promise<ReadPairs | undefined> {
  const { readPairs, UnknownColumnsError } = await import("../engine/pairs/read-pairs");
  try {
    return readPairs(text, source);
  } catch (error) {
    if (!(error instanceof UnknownColumnsError)) throw error;
    // a table whose columns have no names: its error says what it must have
    if (error.columns.length < 3) throw error;
    const columns = await askForColumns(error.columns);
    return columns && readPairs(text, source, columns);
  }
}

/** Which of a table's columns has what; undefined where one was not chosen. */
async function askForColumns(columns: UnknownColumnsError["columns"]): Promise<Columns | undefined> {
  const chosen: string[] = [];
  for (const what of ["the first sentence", "the second sentence", "the score"]) {
    const choices = columns
      .filter(({ name }) => !chosen.includes(name))
      .map(({ name, example }) => ({ label: name, description: shortened(example, 80), name }));
    const picked = await showPick(choices, {
      title: `Compare sentence pairs: column ${chosen.length + 1} of 3`,
      placeHolder: `The column of ${what}`,
    });
    if (!picked) return undefined;
    chosen.push(picked.name);
  }
  const [a, b, score] = chosen;
  return a !== undefined && b !== undefined && score !== undefined ? [a, b, score] : undefined;
}

async function askForLimit(count: number): Promise<number | undefined> {
  if (count <= QUICK_LOOK) return count;
  const choices = [
    { label: `${QUICK_LOOK} pairs`, description: "evenly spaced in the file", limit: QUICK_LOOK },
    { label: `All ${count} pairs`, description: "takes longer in proportion", limit: count },
  ];
  return (await showPick(choices, { title: "Compare sentence pairs: how many" }))?.limit;
}

/** What stands around each sentence; empty: nothing; undefined: none was chosen. */
async function askForTemplate(): Promise<string | undefined> {
  const own = "Another…";
  const choices = [
    { label: "Its meaning in one word", description: ONE_WORD_TEMPLATE, template: ONE_WORD_TEMPLATE },
    { label: "The bare sentence", description: PLACE, template: "" },
    { label: own, description: `a text of yours with ${PLACE} in it`, template: undefined },
  ];
  const picked = await showPick(choices, {
    title: "Compare sentence pairs: template",
    placeHolder: "What stands around each sentence: its last token decides what the model predicts",
  });
  if (picked?.label !== own) return picked?.template;
  return await askForLine({
    title: "Compare sentence pairs: template",
    prompt: `What stands around each sentence, with ${PLACE} in its place.`,
    value: ONE_WORD_TEMPLATE,
    validateInput: (value) => (value.includes(PLACE) ? undefined : `Write ${PLACE} where the sentence stands.`),
  });
}
