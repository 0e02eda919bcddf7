import type { ResultDocument } from "../engine/document/document";
import type { Kind, RunnableKind } from "./kind";
import { kinds } from "./kinds";

/** The kind of a format; undefined where there is none. */
export function findKind(format: unknown): Kind | undefined {
  return kinds.find((kind) => kind.format === format);
}

/** The kind of a document. */
export function kindOf({ format }: ResultDocument): Kind {
  const kind = findKind(format);
  if (kind) return kind;
  throw new Error(`there is no kind ${format}`);
}

/** The kinds whose results are made in the editor. */
export function runnableKinds(): RunnableKind[] {
  return kinds.filter(isRunnable);
}

/** Whether results of a kind are made in the editor. */
export function isRunnable(kind: Kind): kind is RunnableKind {
  return kind.run !== undefined;
}
