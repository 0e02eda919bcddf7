/**
 * An error that the person at the screen can act on: `message` names the cause and where it is, `remedy` says what to do.
 * Everything below `src/engine` that fails because of a file, a text, an option or the machine throws this; any other
 * error is a defect of ours.
 */
export class ParamscopeError extends Error {
  override readonly name = "ParamscopeError";

  constructor(
    message: string,
    readonly remedy?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
