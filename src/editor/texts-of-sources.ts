import * as vscode from "vscode";

import { originOfSource } from "./reveal";
import { ParamscopeError } from "../engine/errors";
import type { Subject } from "../kinds/asked";
import { subjectOfUris } from "./texts";

/** What a saved result was calibrated with, read anew. */
export interface CalibratedAgain {
  readonly subject: Subject;
  /** Whether all of it was found. */
  readonly isWhole: boolean;
}

/**
 * The texts that calibrated a saved result, read anew: of each the first window where each gave one sample.
 * @param title the result's.
 * @throws ParamscopeError when none of them can be read, with `remedy`, and as `subjectOfUris` does.
 */
export async function calibratedAgain(
  sources: readonly string[],
  title: string,
  remedy: string,
): Promise<CalibratedAgain> {
  const { subject, missing } = await textsOfSources(sources);
  if (subject === undefined)
    throw new ParamscopeError(`No text that calibrated ${title} can be read here: ${missing.join(", ")}`, remedy);
  const left = `${missing.join(", ")} calibrated ${title} too, and cannot be read here.`;
  const isWhole = missing.length === 0;
  return { subject: isWhole ? subject : { ...subject, notes: [...subject.notes, left] }, isWhole };
}

/**
 * The texts of a saved result, read anew by the names that it has of them.
 * @returns them as one set, undefined where none is there, and the names of those that are not.
 * @throws ParamscopeError as `subjectOfUris` does.
 */
export async function textsOfSources(
  sources: readonly string[],
): Promise<{ readonly subject: Subject | undefined; readonly missing: readonly string[] }> {
  const found: vscode.Uri[] = [];
  const missing: string[] = [];
  for (const source of new Set(sources)) {
    const origin = await originOfSource(source);
    if (origin) found.push(vscode.Uri.parse(origin.uri));
    else missing.push(source);
  }
  return { subject: found.length > 0 ? await subjectOfUris(found) : undefined, missing };
}
