import { parse } from "csv-parse/sync";

import type { SentencePair } from "../api";
import { ParamscopeError } from "../errors";
import { quote, quoteText } from "../model/formats/quote";
import { refuseOtherFile } from "../text/not-a-text";

/** The pairs of a table. */
export interface ReadPairs {
  readonly pairs: readonly SentencePair[];
  /** How many rows are without a sentence or score where one belongs, as the files of STS-B have some. */
  readonly shortRows: number;
}

/** The error of a table whose columns are not to be told: which are meant must be said. */
export class UnknownColumnsError extends ParamscopeError {
  /** Those that have a name of their own, with what stands in each first; fewer than three cannot be chosen from. */
  readonly columns: readonly { readonly name: string; readonly example: string }[];

  constructor(source: string, header: readonly string[], first: readonly string[]) {
    super(
      `${source}: it is not to be seen which columns are the sentences and the score (line 1: ${quote(header.join(", "), 300)}).`,
      "Name them, such as sentenceA,sentenceB,score.",
      { settings: ["columns"] },
    );
    this.columns = header.flatMap((name, at) =>
      name.trim() !== "" && header.indexOf(name) === at ? [{ name, example: first[at] ?? "" }] : [],
    );
  }
}

/** The names of the columns of the two sentences and of the score. */
export type Columns = readonly [a: string, b: string, score: string];

/** Names of a header line that are understood without being told. */
const KNOWN_COLUMNS: readonly Columns[] = [
  ["sentence_A", "sentence_B", "relatedness_score"],
  ["sentence1", "sentence2", "score"],
  ["a", "b", "score"],
];
/** STS-B as it is distributed has no header: genre, file, year, id, score, sentence 1, sentence 2. */
const STSB = { score: 4, a: 5, b: 6 };

interface Row {
  readonly line: number;
  readonly fields: readonly string[];
}

/**
 * Sentence pairs with human scores from a table: STS-B and SICK as they are distributed, or any with a header line. A file
 * with tabs in its first line is split at tabs, without quoting; any other is comma-separated, with quoting.
 * @throws ParamscopeError, with the line, for a missing column, an empty sentence, a score that is no number.
 */
export function readPairs(text: string, source: string, columns?: Columns): ReadPairs {
  refuseOtherFile(source, text);
  const rows = rowsOf(text, source);
  const [first] = rows;
  if (first === undefined)
    throw new ParamscopeError(`${source} holds no pairs: it is empty.`, "Name a table of pairs.");
  const header = first.fields;
  const wanted = columns ?? KNOWN_COLUMNS.find((names) => names.every((name) => header.includes(name)));
  if (wanted === undefined && !isStsb(first)) throw new UnknownColumnsError(source, header, rows.at(1)?.fields ?? []);
  const at = wanted === undefined ? STSB : placesOf(wanted, header, source);
  const pairs: SentencePair[] = [];
  let shortRows = 0;
  for (const { line, fields } of wanted === undefined ? rows : rows.slice(1)) {
    const [a, b, score] = [fields[at.a], fields[at.b], fields[at.score]?.trim()];
    if (a === undefined || b === undefined || score === undefined) {
      shortRows++;
      continue;
    }
    for (const sentence of [a, b])
      if (sentence.trim() === "")
        throw new ParamscopeError(`${source}, line ${line}: a sentence is empty.`, "Mend the line, or take it out.");
    if (score === "" || !Number.isFinite(Number(score)))
      throw new ParamscopeError(
        `${source}, line ${line}: the score ${quoteText(score)} is not a number.`,
        "Mend the line, or take it out.",
      );
    pairs.push({ a, b, score: Number(score) });
  }
  return { pairs, shortRows };
}

function rowsOf(text: string, source: string): Row[] {
  const firstLine = /^.*/.exec(text)?.[0] ?? "";
  if (firstLine.includes("\t"))
    return text
      .split(/\r?\n/)
      .map((line, i) => ({ line: i + 1, fields: line.split("\t") }))
      .filter(({ fields }) => fields.length > 1 || fields[0] !== "");
  try {
    const records = parse(text, { info: true, relax_column_count: true, skip_empty_lines: true, bom: true });
    return (records as unknown as { info: { lines: number }; record: string[] }[]).map(({ info, record }) => ({
      line: info.lines,
      fields: record,
    }));
  } catch (cause) {
    throw new ParamscopeError(`${source} is not comma-separated: ${(cause as Error).message}.`, "Mend its quotes.", {
      cause,
    });
  }
}

const isStsb = ({ fields }: Row): boolean =>
  fields.length > STSB.b && /^\d+(\.\d+)?$/.test(fields[STSB.score]?.trim() ?? "");

function placesOf([a, b, score]: Columns, header: readonly string[], source: string): typeof STSB {
  const place = (name: string): number => {
    const index = header.indexOf(name);
    if (index < 0)
      throw new ParamscopeError(
        `${source} has no column ${quoteText(name)}: its first line has ${quote(header.join(", "), 300)}.`,
        "Name its columns, such as sentenceA,sentenceB,score.",
        { settings: ["columns"] },
      );
    return index;
  };
  return { a: place(a), b: place(b), score: place(score) };
}
