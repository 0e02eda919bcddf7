import * as lit from "lit";
import { inLine, readable, shortened } from "../../src/format/readable";

/*
 * The one writer of the pages: every text that a template is given is one that can be read, wherever it comes from (names, tokens, notes, messages), and is
 * not longer than a person reads. What is no text to a reader is left as it is: values of fields and options, which are read again, ids, and paths of
 * drawings.
 */

/** The attribute whose value begins where a template's string ends, as `.value=` and ` d="`. */
const ATTRIBUTE = /[\s.](value|id|for|class|d|points|aria-labelledby|aria-activedescendant|data-[\w-]+)=["']?$/;

const templates = new WeakMap<TemplateStringsArray, readonly boolean[]>();

/** Of each value of a template whether it is read. */
function readOf(strings: TemplateStringsArray): readonly boolean[] {
  const known = templates.get(strings);
  if (known) return known;
  const read = strings.map((string) => !ATTRIBUTE.test(string));
  templates.set(strings, read);
  return read;
}

/** A text that runs as it does: a paragraph in a `.flowing` element of its own, or a token of one. */
export function flowing(text: string): lit.TemplateResult<1> {
  return lit.html`${shortened(readable(text))}`;
}

function writtenValue(value: unknown): unknown {
  if (typeof value === "string") return inLine(value);
  return Array.isArray(value) ? value.map(writtenValue) : value;
}

function writtenValues(strings: TemplateStringsArray, values: readonly unknown[]): unknown[] {
  const read = readOf(strings);
  return values.map((value, i) => (read[i] ? writtenValue(value) : value));
}

/** A template of elements. */
export function html(strings: TemplateStringsArray, ...values: unknown[]): lit.TemplateResult<1> {
  return lit.html(strings, ...writtenValues(strings, values));
}

/** A template of what is inside an SVG element. */
export function svg(strings: TemplateStringsArray, ...values: unknown[]): lit.SVGTemplateResult {
  return lit.svg(strings, ...writtenValues(strings, values));
}
