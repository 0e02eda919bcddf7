import { ParamscopeError } from "../engine/errors";
import { analysisKind, toggleTints } from "../kinds/analysis";
import { isOf } from "../kinds/kind";
import type { App } from "../views/app";

/** Tints the tokens of the result that was last in use in their editor, or stops it. */
export function toggleDecorations(app: App): void {
  const last = app.shown.last(({ shown }) => isOf(analysisKind, shown?.result));
  const { result, origins = [] } = last?.shown ?? {};
  if (!isOf(analysisKind, result))
    throw new ParamscopeError("There is no result whose tokens could be tinted", "Analyze a text first.");
  toggleTints(app.tints, result, origins);
}

/** Tints the tokens of that result, or stops it, as the setting now says. */
export function followDecorationsSetting({ shown, tints }: App): void {
  const last = shown.last((candidate) => isOf(analysisKind, candidate.shown?.result))?.shown;
  if (!last || !isOf(analysisKind, last.result)) return;
  if (tints.isOn && !tints.shows(last.result)) tints.show(last.result, last.origins);
  else if (!tints.isOn && tints.shows(last.result)) tints.clear();
}
