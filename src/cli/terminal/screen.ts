import stringWidth from "fast-string-width";
import { bar } from "./bar";
import { shortened } from "../../format/readable";
import { formatDuration } from "../../format/numbers";
import { standardError, standardOutput, type TextOutput } from "./streams";
import { type Style, styleFor } from "./style";

/** How far a run has come, for the line of progress. */
export interface ProgressReport {
  readonly what: string;
  /** 0 … 1 */
  readonly share: number;
  readonly secondsLeft: number | undefined;
}

/** No more often than this is a progress bar drawn anew. */
const redrawAfter = 50;

/**
 * The two streams of a command. Results and layers go to standard output; a progress bar is on standard error, only where
 * that is a terminal, and never in the way of a line.
 */
export class Screen {
  readonly style: Style;
  readonly #errorStyle: Style;
  #progressLine = "";
  #drawnAt = 0;
  readonly #quiet: boolean;
  readonly #output: TextOutput;
  readonly #errors: TextOutput;

  constructor(quiet: boolean, output: TextOutput = standardOutput, errors: TextOutput = standardError) {
    this.#quiet = quiet;
    this.#output = output;
    this.#errors = errors;
    this.style = styleFor(output);
    this.#errorStyle = styleFor(errors);
  }

  /** Columns of the terminal; a file or a pipe has no limit. */
  get width(): number {
    return this.#output.isTTY ? columnsOf(this.#output) : Infinity;
  }

  /**
   * Lines of the result, on standard output.
   * @throws ParamscopeError where that cannot be written.
   */
  print(lines: readonly string[]): void {
    this.#withoutProgress(() => this.#output.write(lines.map((line) => `${oneLine(line)}\n`).join("")));
  }

  /** Something that the user should know but did not ask for, on standard error; not with --quiet. */
  note(text: string): void {
    if (!this.#quiet) this.#withoutProgress(() => this.#errors.write(`${this.#errorStyle("dim", oneLine(text))}\n`));
  }

  progress({ what, share, secondsLeft }: ProgressReport): void {
    if (this.#quiet || !this.#errors.isTTY) return;
    const now = performance.now();
    if (this.#progressLine !== "" && now - this.#drawnAt < redrawAfter) return;
    this.#drawnAt = now;
    const left = secondsLeft === undefined ? "" : ` · ${formatDuration(Math.max(1, Math.round(secondsLeft)))} left`;
    const percent = `${Math.floor(100 * share)} %`.padStart(5);
    const text = `${bar(share, 20).padEnd(20, "░")}${percent}  ${what}${left}`;
    this.clearProgress();
    // A line that wraps could not be cleared.
    this.#progressLine = stringWidth(text) < columnsOf(this.#errors) ? text : `${percent.trim()}${left}`;
    this.#errors.write(this.#errorStyle("cyan", this.#progressLine));
  }

  clearProgress(): void {
    if (this.#progressLine !== "") this.#errors.command("\r\u001B[K");
    this.#progressLine = "";
  }

  #withoutProgress(write: () => void): void {
    const line = this.#progressLine;
    this.clearProgress();
    write();
    if (line !== "") {
      this.#progressLine = line;
      this.#errors.write(this.#errorStyle("cyan", line));
    }
  }
}

/** Some terminals say that they have no columns: they do not know. */
function columnsOf(terminal: TextOutput): number {
  return terminal.columns > 0 ? terminal.columns : 80;
}

/** A line stays one: a name may have ends of lines in it, and what stands behind them is no line of ours. */
function oneLine(text: string): string {
  return shortened(text.replaceAll("\n", String.raw`\n`));
}
