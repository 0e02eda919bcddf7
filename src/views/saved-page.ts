import type { ErrorState } from "../pages/run";

/** The page that shows one kind of saved documents; a file that is edited may come to hold another. */
export interface SavedPage<Document> {
  /** What is shown; undefined while there is nothing, or something is wrong with it. */
  readonly document: Document | undefined;
  show(document: Document): void;
  /** Says what is wrong with the file. */
  fail(error: ErrorState): void;
  /** Leaves the panel to another page. */
  dispose(): void;
}

export interface SavedFile {
  /** The file's name, and the same without its ending. */
  readonly name: string;
  readonly title: string;
  /** Reads the file again. */
  readonly draw: () => Promise<void>;
}
