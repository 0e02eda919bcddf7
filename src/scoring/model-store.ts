import { freemem } from "node:os";
import { openModel, type Model } from "../engine/index";

/** Of the memory that is free when a model is opened, and at most, what its expanded weights may keep: those of small models find room wholly. */
const KEPT_SHARE = 0.25;
const KEPT_BYTES = 2 ** 30;

interface Entry {
  readonly opened: Promise<Model>;
  users: number;
  lastUsed: number;
}

/**
 * The models of the scoring process: each is opened once and kept until it has not been used for a while, or until one of its files
 * is another one than it was.
 */
export class ModelStore {
  readonly #entries = new Map<string, Entry>();

  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Lends the model that is at a path now, for as long as `use` takes. */
  async with<Result>(path: string, use: (model: Model) => Promise<Result>): Promise<Result> {
    const entry = await this.#take(path);
    try {
      return await use(await entry.opened);
    } finally {
      await this.#giveBack(path, entry);
    }
  }

  /** Closes the models that nobody has used for `seconds`. */
  async releaseIdle(seconds: number): Promise<void> {
    const latest = this.#now() - seconds * 1000;
    const idle = [...this.#entries].filter(([, { users, lastUsed }]) => users === 0 && lastUsed <= latest);
    for (const [path, { opened }] of idle) {
      this.#entries.delete(path);
      const model = await opened;
      await model.close();
    }
  }

  /** The entry of a path, with one more user. */
  async #take(path: string): Promise<Entry> {
    const known = this.#entries.get(path);
    if (known === undefined) return this.#open(path);
    known.users++;
    const isCurrent = await known.opened.then((model) => model.isUnchanged());
    if (isCurrent) return known;
    // Another request may have seen the same, and opened it anew.
    if (this.#entries.get(path) === known) this.#entries.delete(path);
    await this.#giveBack(path, known);
    return this.#take(path);
  }

  /** A model that is out of date is closed by its last user. */
  async #giveBack(path: string, entry: Entry): Promise<void> {
    entry.users--;
    entry.lastUsed = this.#now();
    if (entry.users > 0 || this.#entries.get(path) === entry) return;
    const model = await entry.opened.catch(() => undefined);
    await model?.close();
  }

  #open(path: string): Entry {
    const entry: Entry = {
      opened: openModel(path, { keeps: Math.min(KEPT_BYTES, KEPT_SHARE * freemem()) }),
      users: 1,
      lastUsed: this.#now(),
    };
    this.#entries.set(path, entry);
    // One that cannot be opened is tried anew the next time: it may have been mended.
    entry.opened.catch(() => {
      if (this.#entries.get(path) === entry) this.#entries.delete(path);
    });
    return entry;
  }
}
