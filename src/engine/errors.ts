/** What the user can choose of a run, by which a remedy is named: as an option in a terminal, as a setting in an editor. */
export type SettingName =
  "memory" | "window" | "chat" | "target" | "answers" | "columns" | "force" | "runtime" | "provider";

/**
 * An error that the person at the screen can act on: `message` names the cause and where it is, `remedy` says what to do.
 * Everything below `src/engine` that fails because of a file, a text, an option or the machine throws this; any other
 * error is a defect of ours.
 */
export class ParamscopeError extends Error {
  override readonly name = "ParamscopeError";
  /** The settings that the remedy speaks of; a front end says what they are called there. */
  readonly settings: readonly SettingName[];

  constructor(
    message: string,
    readonly remedy?: string,
    options: ErrorOptions & { readonly settings?: readonly SettingName[] } = {},
  ) {
    super(message, options);
    this.settings = options.settings ?? [];
  }
}

/** All that is known of an error, for a log. */
export function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
