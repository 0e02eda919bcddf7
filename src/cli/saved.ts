import type { AnalysisDocument } from "../engine/document/document";
import { ParamscopeError } from "../engine/errors";
import { analysisKind } from "../kinds/analysis";
import { isOf } from "../kinds/kind";
import { readTextFile, statusOf } from "../engine/text/read";

export function savedResult(path: string): boolean {
  return path.endsWith(".paramscope");
}

/** @throws ParamscopeError when the file is not the saved result of an analysis. */
export async function readSavedAnalysis(path: string): Promise<AnalysisDocument> {
  const { parseDocument, refuseLargeDocument } = await import("../kinds/parse-document");
  refuseLargeDocument(statusOf(path).size, path);
  const json = await readTextFile(path);
  const document = await parseDocument(json, path);
  if (isOf(analysisKind, document)) return document;
  throw new ParamscopeError(
    `${path} holds no texts to compare (${document.format})`,
    "Name what `paramscope analyze --output` saved.",
  );
}
