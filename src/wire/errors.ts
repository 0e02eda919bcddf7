import type { SettingName } from "../engine/errors";

/**
 * `crash`: the process ended by itself, was killed from outside, or did not answer any more. `token`: another Hugging Face
 * token is needed.
 */
export type ScoringFailure = "user" | "token" | "cancelled" | "crash" | "defect";

/** Why a request to the scoring process has no result, in words for the person at the screen. */
export class ScoringProcessError extends Error {
  override readonly name = "ScoringProcessError";

  constructor(
    readonly kind: ScoringFailure,
    message: string,
    readonly remedy?: string,
    readonly settings: readonly SettingName[] = [],
  ) {
    super(message);
  }
}

export function cancelled(): ScoringProcessError {
  return new ScoringProcessError("cancelled", "The run was cancelled.");
}
