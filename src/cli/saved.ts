import type { AnalysisDocument } from "../engine/document/document";
import { ParamscopeError } from "../engine/errors";
import { analysisKind } from "../kinds/analysis";
import { isOf } from "../kinds/kind";
import { readTextFile, statusOf } from "../engine/text/read";

export function savedResult(path: string): boolean {
  return path.endsWith(".paramscope");
}

/** The text of a file that may be a saved result. @throws ParamscopeError where it cannot be read, or is larger than a result may be. */
export async function readSavedText(path: string): Promise<string> {
  const { refuseLargeDocument } = await import("../kinds/parse-document");
  refuseLargeDocument(statusOf(path).size, path);
  return await readTextFile(path);
}

/** @throws ParamscopeError when the file is not the saved result of an analysis. */
export async function readSavedAnalysis(path: string): Promise<AnalysisDocument> {
  const { parseDocument } = await import("../kinds/parse-document");
  const document = await parseDocument(await readSavedText(path), path);
  if (isOf(analysisKind, document)) return document;
  throw new ParamscopeError(
    `${path} holds no texts to compare (${document.format})`,
    "Name what `paramscope analyze --output` saved.",
  );
}
