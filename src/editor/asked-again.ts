import type { Asked, Origin, ResultModel, TextSet } from "../kinds/asked";
import { optionsOfResult, type SavedResult } from "./options-of-result";
import { calibratedAgain } from "./texts-of-sources";

/**
 * What a result of another window, or of a file, was asked with: its model, its options, and its calibration texts read anew.
 * @throws ParamscopeError as `calibratedAgain` does.
 */
export async function askedAgain(
  document: SavedResult & {
    readonly model: ResultModel;
    readonly calibration: { readonly sources: readonly string[] };
  },
  { title, origins }: { readonly title: string; readonly origins: readonly Origin[] },
  remedy: string,
): Promise<{ readonly asked: Asked; readonly calibration: TextSet }> {
  const { subject } = await calibratedAgain(document.calibration.sources, title, remedy);
  return {
    asked: { title, origins, model: document.model, options: optionsOfResult(document) },
    calibration: { texts: subject.texts, notes: subject.notes },
  };
}
