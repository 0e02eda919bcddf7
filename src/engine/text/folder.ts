import { ParamscopeError } from "../errors";
import { plural } from "../numbers/plural";
import type { TextEntry, TextFiles } from "./files";
import { GitIgnore } from "./git-ignore";
import { kindByName, NotATextError, type OtherFile, refuseOtherFile } from "./not-a-text";
import type { Text, TextBudget } from "./text";

/** Larger files in a folder are data, not texts; named directly they are read. */
const largestFile = 5_000_000;

/** What a folder holds. */
export interface Folder {
  readonly texts: Text[];
  /** What was left out: `2 binary files`. */
  readonly leftOut: string[];
}

type Reason = "hidden" | "unnamed" | "git-ignored" | "binary" | "large" | "empty" | "unreadable" | "linked" | OtherFile;

/**
 * A folder's text files, recursively, in the order of their paths: without hidden, git-ignored, empty, binary and large ones,
 * files of Paramscope and of models, whose numbers are said (a left-out folder counts as one).
 * @throws ParamscopeError where they are more than a run takes, before they are read.
 */
export async function readFolder(path: string, files: TextFiles, budget: TextBudget): Promise<Folder> {
  const counts = new Map<Reason, number>();
  const leaveOut = (reason: Reason) => counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const texts: Text[] = [];

  async function visit(folder: string, rules: GitIgnore, isTop: boolean): Promise<void> {
    const entries = await files.list(folder).catch((error: unknown) => {
      if (isTop || !(error instanceof ParamscopeError)) throw error;
      return undefined;
    });
    if (entries === undefined) {
      leaveOut("unreadable");
      return;
    }
    for (const entry of entries.sort(byName)) {
      const entryPath = files.join(folder, entry.name);
      const { kind } = entry;
      if (entry.name.startsWith(".")) leaveOut("hidden");
      // its name is no text, so there is no way to say which file it is
      else if (entry.name.includes("\uFFFD") && !(await files.exists(entryPath))) leaveOut("unnamed");
      else if (kind === "other") leaveOut("unreadable");
      else if (rules.ignores(entryPath, kind === "folder")) leaveOut("git-ignored");
      else if (kind === "folder" && entry.linked) leaveOut("linked");
      else if (kind === "folder") await visit(entryPath, await rules.enter(entryPath), false);
      else await readOne(entryPath);
    }
  }

  async function readOne(file: string): Promise<void> {
    const size = await files.size(file).catch(() => undefined);
    if (size === undefined) leaveOut("unreadable");
    else if (size > largestFile) leaveOut(kindByName(file) ?? "large");
    else {
      budget.beforeReading(size);
      const text = await readOneText(file, files);
      if (text instanceof NotATextError) leaveOut(text.kind);
      else if (text instanceof ParamscopeError) leaveOut(text.cause === undefined ? "binary" : "unreadable");
      else if (text.length === 0) leaveOut("empty");
      else {
        budget.add(text);
        texts.push({ source: file, text });
      }
    }
  }

  await visit(path, await GitIgnore.of(path, files), true);
  return { texts, leftOut: [...counts].map(([reason, count]) => words(reason, count)) };
}

/** The text of a file, or why it is none. */
async function readOneText(file: string, files: TextFiles): Promise<string | ParamscopeError> {
  try {
    const text = await files.readText(file);
    refuseOtherFile(file, text);
    return text;
  } catch (error) {
    if (error instanceof ParamscopeError) return error;
    throw error;
  }
}

function byName(a: TextEntry, b: TextEntry): number {
  return a.name < b.name ? -1 : 1;
}

function words(reason: Reason, count: number): string {
  const files = plural(count, "file", "files");
  switch (reason) {
    case "large":
      return `${count} ${files} over 5 MB`;
    case "binary":
      return `${count} binary ${files}`;
    case "saved":
      return `${count} saved ${plural(count, "result", "results")} of Paramscope`;
    case "resume":
      return `${count} ${plural(count, "file", "files")} of unfinished runs`;
    case "model":
      return `${count} model ${files}`;
    case "unnamed":
      return `${count} ${plural(count, "entry", "entries")} whose ${plural(count, "name is", "names are")} not UTF-8`;
    case "linked":
      return `${count} linked ${plural(count, "folder", "folders")}`;
    case "hidden":
    case "git-ignored":
      return `${count} ${reason} ${plural(count, "entry", "entries")}`;
    case "empty":
    case "unreadable":
      return `${count} ${reason} ${files}`;
  }
}
