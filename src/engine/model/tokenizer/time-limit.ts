import { type Context, createContext, Script } from "node:vm";
import { ParamscopeError } from "../../errors";

/** What cutting texts may take. The slowest machine needs a hundredth of that; the expressions of a tokenizer's file, which are strangers', may need for ever. */
const SECONDS = 5;
const SECONDS_PER_MILLION_CHARACTERS = 10;

/** An expression that has taken so long for each of what it has found does not come to an end: it takes a millionth of that. */
const ENDLESS_MILLISECONDS = 100;

/** Node.js bounds the time of scripts only. This one calls what the context has. */
const script = new Script("body()");
let context: Context | undefined;
/** Whether something is under way that is bounded already: a bound costs a tenth of a millisecond. */
let isBounded = false;

/** The expression that is looked for: since when, and how often it was found since. */
export const searching = { since: NaN, found: 0 };

/**
 * What `body` gives, which cuts texts of so many characters with a model's tokenizer, and waits for nothing.
 * @throws ParamscopeError where it takes longer than any tokenizer should.
 */
export function withinTime<Result>(characters: number, body: () => Result): Result {
  if (isBounded) return body();
  const seconds = SECONDS + (SECONDS_PER_MILLION_CHARACTERS * characters) / 1e6;
  context ??= createContext({});
  isBounded = true;
  searching.since = NaN;
  try {
    context.body = body;
    return script.runInContext(context, { timeout: Math.ceil(1000 * seconds) }) as Result;
  } catch (error) {
    if (!isTimeout(error)) throw error;
    throw new ParamscopeError(
      `The model's tokenizer takes more than ${Math.round(seconds)} s for ${characters} characters of text`,
      isEndless()
        ? "An expression in its tokenizer.json does not come to an end: use another model."
        : "What its tokenizer.json asks for is more work than that of any real one: use another model.",
      { cause: error },
    );
  } finally {
    isBounded = false;
    context.body = undefined;
  }
}

/** Whether the time went into one search of an expression. */
function isEndless(): boolean {
  return performance.now() - searching.since > ENDLESS_MILLISECONDS * (searching.found + 1);
}

/** The error is of the context, and so no `Error` of ours. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === "object" && error !== null && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT"
  );
}
