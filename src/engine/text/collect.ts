import { ParamscopeError } from "../errors";
import { plural } from "../numbers/plural";
import { decodeText } from "./decode";
import { nodeFiles, type TextFiles } from "./files";
import { readFolder } from "./folder";
import { refuseOtherFile } from "./not-a-text";
import { readTextFile, statusOf } from "./read";
import { LARGEST_FILE, type Text, TextBudget } from "./text";

/** Texts that were read, and what was left out of folders. */
export interface TextCollection {
  readonly texts: Text[];
  /** A sentence on everything that was left out. */
  readonly notes: string[];
}

/** A source of texts, as a user names it. */
export type TextInput =
  /** A file, or a folder of which every text file is taken. */
  | { readonly kind: "path"; readonly path: string }
  /** `read` gives all bytes of standard input. */
  | { readonly kind: "standard-input"; readonly read: () => Promise<Buffer> }
  | { readonly kind: "text"; readonly source: string; readonly text: string };

/**
 * Reads the texts of all inputs, in their order; a folder's in the order of their paths.
 * @throws ParamscopeError for what is missing, forbidden, empty, binary, not UTF-8, or a file of Paramscope or of a model.
 */
export async function collectTexts(inputs: readonly TextInput[]): Promise<TextCollection> {
  const texts: Text[] = [];
  const notes: string[] = [];
  const budget = new TextBudget();
  const take = (source: string, text: string) => {
    budget.add(text);
    texts.push({ source, text });
  };
  for (const input of inputs) {
    switch (input.kind) {
      case "text":
        take(input.source, withoutMark(checkedText(input.source, input.text)));
        break;
      case "standard-input":
        take("-", checkedText("Standard input", decodeText(await input.read(), "Standard input")));
        break;
      case "path": {
        const collected = await readPath(input.path, budget);
        for (const text of collected.texts) texts.push(text);
        notes.push(...collected.notes);
      }
    }
  }
  return { texts, notes };
}

async function readPath(path: string, budget: TextBudget): Promise<TextCollection> {
  const status = statusOf(path);
  if (!status.isDirectory()) {
    // what is larger than any text is refused by what it is
    if (status.isFile() && status.size <= LARGEST_FILE) budget.beforeReading(status.size);
    const text = await readTextFile(path);
    budget.add(text);
    return { texts: [{ source: path, text: checkedText(path, text) }], notes: [] };
  }
  return await collectFolder(path, nodeFiles, path, budget);
}

/**
 * The texts of a folder, and a sentence on what was left out.
 * @param name how the user knows the folder.
 * @throws ParamscopeError when it cannot be read or holds no text.
 */
export async function collectFolder(
  path: string,
  files: TextFiles,
  name = path,
  budget = new TextBudget(),
): Promise<TextCollection> {
  const folder = await readFolder(path, files, budget);
  if (folder.texts.length === 0) {
    const leftOut = folder.leftOut.length > 0 ? `: ${folder.leftOut.join(", ")} left out` : "";
    throw new ParamscopeError(`${name} holds no text files${leftOut}`, "Name a folder with UTF-8 text files.");
  }
  const total = folder.leftOut.reduce((sum, part) => sum + Number.parseInt(part, 10), 0);
  const notes =
    folder.leftOut.length > 0 ? [`${name}: ${list(folder.leftOut)} ${plural(total, "was", "were")} left out.`] : [];
  return { texts: folder.texts, notes };
}

function list(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1) ?? ""}`;
}

function withoutMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

/**
 * The text, as it is.
 * @throws ParamscopeError where it has no character; `NotATextError` for what is no text for a model, such as a saved result.
 */
export function checkedText(source: string, text: string): string {
  refuseOtherFile(source, text);
  if (withoutMark(text).length > 0) return text;
  throw new ParamscopeError(`${source} is empty`, "Give a text of at least one character.");
}
