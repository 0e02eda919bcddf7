import { bodyOf, fencedPrompts } from "./markdown-prompts";
import { pythonStrings } from "./python-strings";
import { LONGEST_SOURCE, type Span } from "./span";
import { templateLiterals } from "./template-literals";

/** Which prompts are looked for. */
export interface PromptGroups {
  /** Files of prompts, and blocks of Markdown that say that they are one. */
  readonly prompts: boolean;
  /** Strings in code. */
  readonly code: boolean;
  /** Cells of notebooks that are no code, whole. */
  readonly notebooks: boolean;
}

/** A text of the editor. */
export interface PromptSource {
  readonly language: string;
  /** Of its URI. */
  readonly path: string;
  readonly isCell: boolean;
  readonly text: string;
}

/** The most prompts that are marked in a text. */
const MOST = 200;

/** Languages of texts that are a prompt: VS Code's own, Prompty's, and that of Dotprompt. */
const OF_PROMPTS = ["prompt", "prompty", "dotprompt"];
/** Endings of such texts, where no extension knows their language. */
const PROMPT_FILE = /\.(?:prompt|prompty|prompt\.md)$/i;
const OF_SCRIPTS = ["typescript", "typescriptreact", "javascript", "javascriptreact"];
const OF_CELLS = ["markdown", "raw", "plaintext"];

/** All languages that prompts are looked for in; package.json wakes the extension for each. */
export const promptLanguages: readonly string[] = [...OF_PROMPTS, "markdown", "python", ...OF_SCRIPTS, "raw"];

/** The prompts of a text in their order, none within another. Placeholders in them are left as they are written. */
export function promptsOf(source: PromptSource, groups: PromptGroups): readonly Span[] {
  if (source.text.length > LONGEST_SOURCE) return [];
  return found(source, groups).slice(0, MOST);
}

function found({ language, path, isCell, text }: PromptSource, { prompts, code, notebooks }: PromptGroups): Span[] {
  if (isCell ? notebooks && OF_CELLS.includes(language) : prompts && isPromptFile(language, path))
    return [bodyOf(text) ?? []].flat();
  if (language === "markdown") return prompts ? fencedPrompts(text) : [];
  if (!code) return [];
  if (language === "python") return pythonStrings(text);
  return OF_SCRIPTS.includes(language) ? templateLiterals(text) : [];
}

function isPromptFile(language: string, path: string): boolean {
  return OF_PROMPTS.includes(language) || PROMPT_FILE.test(path);
}
