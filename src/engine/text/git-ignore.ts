import ignore, { type Ignore } from "ignore";

import type { TextFiles } from "./files";

/** The rules that one folder adds. */
interface Rules {
  /** The absolute path of the folder that they are relative to. */
  readonly folder: string;
  readonly ignore: Ignore;
}

/** What git ignores in a folder: the rules of its own `.gitignore`, and of those above it up to the repository's top. */
export class GitIgnore {
  readonly #files: TextFiles;
  /** Outermost first. */
  readonly #rules: readonly Rules[];

  private constructor(files: TextFiles, rules: readonly Rules[]) {
    this.#files = files;
    this.#rules = rules;
  }

  /**
   * The rules that hold in a folder that the user names. One that git itself ignores was named on purpose: then only its own
   * rules hold.
   */
  static async of(path: string, files: TextFiles): Promise<GitIgnore> {
    const folder = files.absolute(path);
    const top = await repositoryTop(folder, files);
    let above = new GitIgnore(files, await excluded(top, files));
    if (top === undefined || top === folder) return above.enter(folder);
    for (const parent of foldersBetween(top, folder, files)) above = await above.enter(parent);
    return (above.ignores(folder, true) ? new GitIgnore(files, []) : above).enter(folder);
  }

  /** The rules inside a folder below. */
  async enter(path: string): Promise<GitIgnore> {
    const folder = this.#files.absolute(path);
    const own = await readRules(this.#files.join(folder, ".gitignore"), this.#files);
    return own === undefined ? this : new GitIgnore(this.#files, [...this.#rules, { folder, ignore: own }]);
  }

  /** Whether git leaves a file or folder alone. */
  ignores(path: string, isFolder: boolean): boolean {
    const absolute = this.#files.absolute(path);
    // The innermost rule that says anything decides.
    for (const { folder, ignore } of this.#rules.toReversed()) {
      const name = this.#files.relative(folder, absolute);
      const { ignored, unignored } = ignore.test(isFolder ? `${name}/` : name);
      if (ignored || unignored) return ignored;
    }
    return false;
  }
}

async function repositoryTop(folder: string, files: TextFiles): Promise<string | undefined> {
  for (let parent = folder; ; parent = files.parent(parent)) {
    if (await files.exists(files.join(parent, ".git"))) return parent;
    if (files.parent(parent) === parent) return undefined;
  }
}

/** The folder `top` and every folder from there down to the parent of `folder`. */
function foldersBetween(top: string, folder: string, files: TextFiles): string[] {
  const folders: string[] = [];
  for (let parent = files.parent(folder); ; parent = files.parent(parent)) {
    folders.unshift(parent);
    if (parent === top) return folders;
  }
}

async function excluded(top: string | undefined, files: TextFiles): Promise<Rules[]> {
  const rules = top === undefined ? undefined : await readRules(files.join(top, ".git", "info", "exclude"), files);
  return top === undefined || rules === undefined ? [] : [{ folder: top, ignore: rules }];
}

async function readRules(path: string, files: TextFiles): Promise<Ignore | undefined> {
  const text = await files.readText(path).catch(() => undefined);
  return text === undefined ? undefined : ignore({ allowRelativePaths: false }).add(text.split("\n").filter(isRule));
}

/** Rules become regular expressions, whose time grows with a name's length to the power of their stars; no real rule has more. */
const LONGEST_RULE = 1000;
const MOST_STARS = 3;

/** Whether a line is a rule that a name of any length is held against at once; others are passed over. */
function isRule(line: string): boolean {
  if (line.length > LONGEST_RULE) return false;
  const segments = line.split("/");
  const isShort = segments.every((segment) => segment.split(/\*+/).length <= MOST_STARS + 1);
  return isShort && segments.filter((segment) => segment.includes("**")).length <= MOST_STARS;
}
