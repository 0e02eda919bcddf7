import type { Choice } from "../kinds/kind";

/** What leaves a panel is what the panel shows: its document with what the user chose there. */
export class AsShown<Document> {
  #choice: Choice<Document> | undefined;
  #last: { readonly of: Document; readonly as: Document } | undefined;

  /** undefined: as the run made it. */
  choose(choice: Choice<Document> | undefined): void {
    this.#choice = choice;
    this.#last = undefined;
  }

  /** Whether a view of the document as the run made it is one of what is shown. */
  get keepsView(): boolean {
    return !this.#choice?.turnsView;
  }

  /** The same object until something else is chosen. */
  of(document: Document): Document {
    if (this.#choice === undefined) return document;
    if (this.#last?.of !== document) this.#last = { of: document, as: this.#choice.apply(document) };
    return this.#last.as;
  }
}
