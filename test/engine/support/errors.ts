import { ParamscopeError } from "../../../src/engine/errors";

/** What an error tells the person at the screen, on one line. Anything but our own errors is thrown on. */
export function lineOf(error: unknown): string {
  if (!(error instanceof ParamscopeError)) throw error;
  return error.remedy === undefined ? error.message : `${error.message} ${error.remedy}`;
}

/** The line with which something fails. */
export async function failureOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    return lineOf(error);
  }
  throw new Error("it did not fail");
}
