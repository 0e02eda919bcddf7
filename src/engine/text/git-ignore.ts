import { access, readFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import ignore, { type Ignore } from "ignore";

interface Rules {
  /** The absolute path of the folder that they are relative to. */
  readonly folder: string;
  readonly ignore: Ignore;
}

/** What git ignores in a folder: the rules of its own `.gitignore`, and of those above it up to the repository's top. */
export class GitIgnore {
  /** Outermost first. */
  private constructor(private readonly rules: readonly Rules[]) {}

  /**
   * The rules that hold in a folder that the user names. One that git itself ignores was named on purpose: then only its own
   * rules hold.
   */
  static async of(path: string): Promise<GitIgnore> {
    const folder = resolve(path);
    const top = await repositoryTop(folder);
    if (top === undefined || top === folder) return new GitIgnore(await excluded(top)).enter(folder);
    let above = new GitIgnore(await excluded(top));
    for (const parent of foldersBetween(top, folder)) above = await above.enter(parent);
    return (above.ignores(folder, true) ? new GitIgnore([]) : above).enter(folder);
  }

  /** The rules inside a folder below. */
  async enter(path: string): Promise<GitIgnore> {
    const folder = resolve(path);
    const own = await readRules(join(folder, ".gitignore"));
    return own === undefined ? this : new GitIgnore([...this.rules, { folder, ignore: own }]);
  }

  ignores(path: string, isFolder: boolean): boolean {
    const absolute = resolve(path);
    // The innermost rule that says anything decides.
    for (const { folder, ignore } of this.rules.toReversed()) {
      const name = relative(folder, absolute).split(sep).join("/");
      const { ignored, unignored } = ignore.test(isFolder ? `${name}/` : name);
      if (ignored || unignored) return ignored;
    }
    return false;
  }
}

async function repositoryTop(folder: string): Promise<string | undefined> {
  for (let parent = folder; ; parent = dirname(parent)) {
    const isTop = await access(join(parent, ".git")).then(
      () => true,
      () => false,
    );
    if (isTop) return parent;
    if (dirname(parent) === parent) return undefined;
  }
}

/** `top` and every folder from there down to the parent of `folder`. */
function foldersBetween(top: string, folder: string): string[] {
  const folders: string[] = [];
  for (let parent = dirname(folder); ; parent = dirname(parent)) {
    folders.unshift(parent);
    if (parent === top) return folders;
  }
}

async function excluded(top: string | undefined): Promise<Rules[]> {
  const rules = top === undefined ? undefined : await readRules(join(top, ".git", "info", "exclude"));
  return top === undefined || rules === undefined ? [] : [{ folder: top, ignore: rules }];
}

async function readRules(path: string): Promise<Ignore | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  return text === undefined ? undefined : ignore({ allowRelativePaths: false }).add(text);
}
