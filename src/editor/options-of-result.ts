import { defaults } from "../engine/run/defaults";
import type { Asked } from "../kinds/asked";

/** What of a saved result says how its calibration texts were read. */
export interface SavedResult {
  readonly calibration: { readonly window: number };
  readonly run: { readonly chat?: boolean };
  readonly target?: string;
  readonly share?: number;
}

/** The options that read a saved result's calibration texts as they were read. */
export function optionsOfResult({
  calibration: { window },
  run: { chat = defaults.chat },
  target = defaults.target,
  share = defaults.share,
}: SavedResult): NonNullable<Asked["options"]> {
  return { target, threshold: { mode: "share", share }, window, chat };
}
