import { posix } from "node:path";
import * as vscode from "vscode";

import type { App } from "../views/app";
import { readText } from "../editor/workspace-files";
import { ParamscopeError } from "../engine/errors";
import type { Columns, ReadPairs } from "../engine/pairs/read-pairs";
import { ONE_WORD_TEMPLATE, PLACE } from "../engine/text/template";
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
    const columns = await askForColumns(error.message);
    return columns && readPairs(text, source, columns);
  }
}

async function askForColumns(why: string): Promise<Columns | undefined> {
  const split = (value: string) => value.split(",").map((name) => name.trim());
  const isThree = (names: readonly string[]): names is Columns => names.length === 3 && !names.includes("");
  const value = await askForLine({
    title: "Compare sentence pairs: columns",
    prompt: `${why} Name the columns of the two sentences and of the score.`,
    placeHolder: "sentence1,sentence2,score",
    validateInput: (value) => (isThree(split(value)) ? undefined : "Write three names with commas between."),
  });
  const names = value === undefined ? [] : split(value);
  return isThree(names) ? names : undefined;
}

async function askForLimit(count: number): Promise<number | undefined> {
  if (count <= QUICK_LOOK) return count;
  const choices = [
    { label: `${QUICK_LOOK} pairs`, description: "evenly spaced in the file", limit: QUICK_LOOK },
    { label: `All ${count} pairs`, description: "takes longer in proportion", limit: count },
  ];
  return (await showPick(choices, { title: "Compare sentence pairs: how many" }))?.limit;
}

/** What stands around each sentence; empty: nothing. */
async function askForTemplate(): Promise<string | undefined> {
  return await askForLine({
    title: "Compare sentence pairs: template",
    prompt: `What stands around each sentence, with ${PLACE} in its place; leave it empty for the bare sentences. The last token decides what the model predicts, so this matters.`,
    value: ONE_WORD_TEMPLATE,
    validateInput: (value) =>
      value === "" || value.includes(PLACE) ? undefined : `Write ${PLACE} where the sentence stands.`,
  });
}
