import { basename, posix } from "node:path";
import * as vscode from "vscode";

import { ParamscopeError } from "../engine/errors";
import { zip } from "../engine/numbers/elements";
import { collectFolder, checkedText } from "../engine/text/collect";
import { analysisKind } from "../kinds/analysis";
import type { Origin, Subject } from "../kinds/asked";
import { isOf } from "../kinds/kind";
import { openDocument, readBytes, readText, statOf, workspaceFiles } from "./workspace-files";

/**
 * Files, folders and open documents as one set. What is open counts as its buffer has it.
 * @throws ParamscopeError for what is missing, empty or not text.
 */
export async function subjectOfUris(uris: readonly vscode.Uri[]): Promise<Subject> {
  const subjects: Subject[] = [];
  for (const uri of uris) subjects.push(await subjectOfUri(uri));
  const [only] = subjects;
  if (only !== undefined && subjects.length === 1) return only;
  const origins = subjects.flatMap((subject) => subject.origins);
  return {
    title: `${new Set(origins.map(({ uri }) => uri)).size} files`,
    texts: subjects.flatMap((subject) => subject.texts),
    notes: subjects.flatMap((subject) => subject.notes),
    origins,
  };
}

async function subjectOfUri(uri: vscode.Uri): Promise<Subject> {
  const document = openDocument(uri);
  if (document) return subjectOfDocument(document);
  const source = sourceOf(uri);
  if ((await statOf(uri)).type & vscode.FileType.Directory) return await subjectOfFolder(uri, source);
  const text = checkedText(source, await readText(uri));
  return { title: posix.basename(uri.path), texts: [{ source, text }], notes: [], origins: [originOf(uri, source)] };
}

async function subjectOfFolder(folder: vscode.Uri, name: string): Promise<Subject> {
  const { texts, notes } = await collectFolder(folder.path, workspaceFiles(folder), name);
  const uris = texts.map(({ source }) => folder.with({ path: source }));
  return {
    title: `${posix.basename(folder.path)} (${texts.length === 1 ? "1 file" : `${texts.length} files`})`,
    texts: zip(texts, uris).map(([{ text }, uri]) => ({ source: sourceOf(uri), text })),
    notes,
    origins: uris.map((uri) => originOf(uri, sourceOf(uri))),
  };
}

/** A document as its buffer has it, saved or not. */
export function subjectOfDocument(document: vscode.TextDocument): Subject {
  const source = sourceOfDocument(document);
  const text = checkedText(source, document.getText());
  const origins = [originOf(document.uri, source)];
  return { title: posix.basename(source), texts: [{ source, text }], notes: [], origins };
}

/** What is selected; several selections are one text each. */
export function subjectOfSelection({ document, selections }: vscode.TextEditor): Subject {
  const filled = selections.filter((selection) => !selection.isEmpty);
  if (filled.length > 0) return subjectOfRanges(document, filled);
  throw new ParamscopeError(`Nothing is selected in ${sourceOfDocument(document)}`, "Select a text first.");
}

/** Stretches of a document, one text each. */
export function subjectOfRanges(document: vscode.TextDocument, ranges: readonly vscode.Range[]): Subject {
  const name = sourceOfDocument(document);
  const sourceAt = (range: vscode.Range): string => `${name}:${linesOf(range)}`;
  return {
    title: `${posix.basename(name)}:${ranges.map(linesOf).join(", ")}`,
    texts: ranges.map((range) => ({ source: sourceAt(range), text: document.getText(range) })),
    notes: [],
    origins: ranges.map((range) => originOf(document.uri, sourceAt(range), document.offsetAt(range.start))),
  };
}

/** The lines that a stretch is of, as the editor counts them: `3`, `3–5`. At the beginning of a line nothing of that one is in it. */
function linesOf({ start, end }: vscode.Range): string {
  const [first, last] = [start.line + 1, end.character === 0 && end.line > start.line ? end.line : end.line + 1];
  return first === last ? String(first) : `${first}–${last}`;
}

/** A side of a comparison: as above, and of a saved analysis its samples. */
export async function sideOfUri(uri: vscode.Uri): Promise<Subject> {
  if (!uri.path.endsWith(".paramscope")) return await subjectOfUri(uri);
  const name = sourceOf(uri);
  const { parseDocument, refuseLargeDocument } = await import("../kinds/parse-document");
  const open = openDocument(uri);
  if (!open) refuseLargeDocument((await statOf(uri)).size, name);
  const document = await parseDocument(open?.getText() ?? (await readBytes(uri)), name);
  if (!isOf(analysisKind, document)) {
    throw new ParamscopeError(`${name} holds no texts to compare`, "Choose the saved result of an analysis.");
  }
  const { model, run, samples } = document;
  return { title: basename(name), texts: [], notes: run.notes, origins: [], samples, model };
}

function originOf(uri: vscode.Uri, source: string, offset = 0): Origin {
  return { source, uri: uri.toString(), offset };
}

function sourceOf(uri: vscode.Uri): string {
  return vscode.workspace.asRelativePath(uri);
}

function sourceOfDocument(document: vscode.TextDocument): string {
  if (document.uri.scheme !== "vscode-notebook-cell") return sourceOf(document.uri);
  const cells = vscode.workspace.notebookDocuments.flatMap((notebook) => notebook.getCells());
  const cell = cells.find((candidate) => candidate.document === document);
  return cell ? `${sourceOf(cell.notebook.uri)} cell ${cell.index + 1}` : sourceOf(document.uri);
}
