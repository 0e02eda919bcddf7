import * as vscode from "vscode";

import { inLine } from "../format/readable";

/*
 * The one writer of what the editor itself shows: notifications, lists, trees, the status bar, titles of panels, the log. What is said there may hold texts of
 * foreign origin (names, messages of templates, what a server answers), in which the editor reads links, also to its commands, and pictures.
 */

/** The most characters of a notification; the editor's own bound is 1,000. */
const LONGEST = 900;

/** A link as notifications read it, and a picture as lists and the status bar do. */
const LINK = /\](?=\()/g;
const PICTURE = /\$(?=\([a-z0-9~-]+\))/gi;

/** A text of foreign origin in which the editor finds neither links nor pictures, and that can be read. */
export function said(text: string, most = LONGEST): string {
  return inLine(text, most).replace(LINK, "] ").replace(PICTURE, "$ ");
}

interface Modal {
  readonly modal?: boolean;
  readonly detail?: string;
}

function modalOf({ modal, detail }: Modal): vscode.MessageOptions {
  return { modal, detail: detail === undefined ? undefined : said(detail) };
}

export async function showError(message: string, ...actions: readonly string[]): Promise<string | undefined> {
  return await vscode.window.showErrorMessage(said(message), ...actions);
}

export async function showWarning(
  message: string,
  options: Modal,
  ...actions: readonly string[]
): Promise<string | undefined> {
  return await vscode.window.showWarningMessage(said(message), modalOf(options), ...actions);
}

export async function showInformation(
  message: string,
  options: Modal = {},
  ...actions: readonly string[]
): Promise<string | undefined> {
  return await vscode.window.showInformationMessage(said(message), modalOf(options), ...actions);
}

export function showStatusMessage(message: string, milliseconds: number): void {
  vscode.window.setStatusBarMessage(said(message), milliseconds);
}

interface PickOptions {
  readonly title: string;
  readonly placeHolder?: string;
  readonly matchOnDescription?: boolean;
}

/** A choice as the list shows it; pictures are its `iconPath`, or stand in its `detail`, which is ours. */
function choice<Choice extends vscode.QuickPickItem>(given: Choice): Choice {
  const { label, description } = given;
  return { ...given, label: said(label), ...(description !== undefined && { description: said(description) }) };
}

/** @returns what was chosen, as it was given. */
export async function showPick<Choice extends vscode.QuickPickItem>(
  choices: readonly Choice[],
  options: PickOptions,
): Promise<Choice | undefined> {
  const shown = choices.map(choice);
  const picked = await vscode.window.showQuickPick(shown, { ...options, title: said(options.title) });
  return picked && choices[shown.indexOf(picked)];
}

/** @returns those that were chosen, as they were given. */
export async function showPicks<Choice extends vscode.QuickPickItem>(
  choices: readonly Choice[],
  options: PickOptions,
): Promise<Choice[] | undefined> {
  const shown = choices.map(choice);
  const picked = await vscode.window.showQuickPick(shown, {
    ...options,
    title: said(options.title),
    canPickMany: true,
  });
  return picked?.flatMap((each) => choices[shown.indexOf(each)] ?? []);
}

/** Asks for a line; what is offered as its `value` is the user's to change, and is not touched. */
export async function askForLine(options: vscode.InputBoxOptions): Promise<string | undefined> {
  const { prompt } = options;
  const validate = options.validateInput?.bind(options);
  return await vscode.window.showInputBox({
    ...options,
    ...(prompt !== undefined && { prompt: said(prompt) }),
    ...(validate && {
      validateInput: async (value) => {
        const found = await validate(value);
        return typeof found === "string" ? said(found) : found;
      },
    }),
  });
}

/** An entry of a tree. */
export function treeItem({
  label,
  description,
  tooltip,
}: {
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
}): vscode.TreeItem {
  const item = new vscode.TreeItem(said(label));
  item.description = said(description);
  // a text, which is no markdown
  item.tooltip = said(tooltip);
  return item;
}

/** What stands above a line of a text, and leads to a command. */
export function codeLens(range: vscode.Range, command: vscode.Command): vscode.CodeLens {
  const { title, tooltip } = command;
  return new vscode.CodeLens(range, {
    ...command,
    title: said(title, 120),
    ...(tooltip !== undefined && { tooltip: said(tooltip) }),
  });
}

/** What may mean something in Markdown. Written behind a stroke it is itself, and no part of an address, which would be a link without being written as one. */
const PUNCTUATION = /[!-/:-@[-`{-~]/g;

/** What is shown over a place of a text: paragraphs in which nothing is a link, a picture or a command, whatever they name. */
export function hover(paragraphs: readonly string[]): vscode.MarkdownString {
  const texts = paragraphs.map((text) => inLine(text, LONGEST).replace(/\s+/g, " ").replace(PUNCTUATION, "\\$&"));
  return new vscode.MarkdownString(texts.join("\n\n"));
}

/** What the extension's log takes. */
export type Log = Pick<vscode.LogOutputChannel, "info" | "warn" | "error" | "show">;

/** What a process printed, however long. */
const lines = (text: string): string => inLine(text, Infinity);

/** A log whose lines can be read, whatever a process printed. */
export function readableLog(channel: vscode.LogOutputChannel): Log {
  return {
    info: (message) => channel.info(lines(message)),
    warn: (message) => channel.warn(lines(message)),
    error: (message) => channel.error(lines(String(message))),
    show: () => channel.show(),
  };
}
