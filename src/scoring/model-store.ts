import { openModel, type Model } from "../engine/index";

interface Entry {
  readonly opened: Promise<Model>;
  users: number;
  lastUsed: number;
}

/** The models of the scoring process: each is opened once and kept until it has not been used for a while. */
export class ModelStore {
  readonly #entries = new Map<string, Entry>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  get size(): number {
    return this.#entries.size;
  }

  /** Lends the model of a path for as long as `use` takes. */
  async with<Result>(path: string, use: (model: Model) => Promise<Result>): Promise<Result> {
    const entry = this.#entryOf(path);
    entry.users++;
    try {
      return await use(await entry.opened);
    } finally {
      entry.users--;
      entry.lastUsed = this.now();
    }
  }

  /** Closes the models that nobody has used for `seconds`. */
  async releaseIdle(seconds: number): Promise<void> {
    const latest = this.now() - seconds * 1000;
    const idle = [...this.#entries].filter(([, { users, lastUsed }]) => users === 0 && lastUsed <= latest);
    for (const [path, { opened }] of idle) {
      this.#entries.delete(path);
      const model = await opened;
      await model.close();
    }
  }

  #entryOf(path: string): Entry {
    const known = this.#entries.get(path);
    if (known) return known;
    const entry: Entry = { opened: openModel(path), users: 0, lastUsed: this.now() };
    this.#entries.set(path, entry);
    // One that cannot be opened is tried anew the next time: it may have been mended.
    entry.opened.catch(() => this.#entries.delete(path));
    return entry;
  }
}
