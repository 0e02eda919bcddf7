import { ParamscopeError } from "../engine/errors";
import { shortened } from "../format/readable";
import { namedRemedy, type SettingNames } from "../format/remedy";

const options: SettingNames = {
  memory: "--memory",
  window: "--window",
  chat: "--chat",
  target: "--target",
  answers: "--answers",
  columns: "--columns",
  force: "--force",
  runtime: "--runtime",
  provider: "--provider",
};

/** The command was called in a way that it does not understand: exit code 2. */
export class UsageError extends ParamscopeError {}

/** The user stopped something of which more is left than of most: says what. */
export class Interrupted extends ParamscopeError {}

/** What is said of its files where it is not known how far it came. */
export const LEFT = "A file that it was writing is whole or not there.";

export const exitCode = { success: 0, failure: 1, usage: 2, interrupted: 130 } as const;

/** An error as one line: cause, then remedy. */
export function failureLine(error: unknown): string {
  if (error instanceof ParamscopeError) {
    const remedy = namedRemedy(error, options) ?? "";
    return oneLine(`paramscope: ${sentence(error.message)} ${remedy}`).trimEnd();
  }
  const cause = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return oneLine(
    `paramscope: This is a defect of Paramscope (${cause}). Please report it; PARAMSCOPE_DEBUG=1 shows where.`,
  );
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function oneLine(text: string): string {
  return shortened(text.replace(/\s+/g, " "));
}
