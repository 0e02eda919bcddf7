import type { CalibrationDocument } from "../../engine/document/document";
import { calibrationSentences, calibrationTitle, namedTexts } from "../../format/calibration";
import { formatChange, formatCount, formatNumber } from "../../format/numbers";
import type { Style } from "../terminal/style";
import { table } from "../terminal/table";
import { zip } from "../../engine/numbers/elements";

/** Head line, what to calibrate with, then perplexity per calibration and evaluation, and what was chosen. */
export function calibrationLines(document: CalibrationDocument, style: Style): string[] {
  const { calibrations, evaluations, perplexity, dense, choice } = document;
  const columns = [
    { title: "calibration", align: "left" as const },
    { title: "texts" },
    { title: "tokens" },
    ...evaluations.flatMap(({ name }) => [{ title: name }, { title: "" }]),
  ];
  const rows = zip(calibrations, perplexity).map(([{ name, texts, tokens }, values]) => [
    name,
    formatCount(texts),
    formatCount(tokens),
    ...zip(values, dense).flatMap(([value, ofDense]) => [formatNumber(value), formatChange(value / ofDense - 1)]),
  ]);
  const figures = evaluations
    .map(({ name, windows, tokens }) => `${name} ${formatCount(tokens)} in ${formatCount(windows)}`)
    .join(", ");
  return [
    style("bold", calibrationTitle(document)),
    ...calibrationSentences(document),
    "",
    `Perplexity on held-out texts (predicted tokens, windows: ${figures}), and the change from that of the dense model:`,
    "",
    ...table(columns, [["dense", "", "", ...dense.flatMap((value) => [formatNumber(value), ""])], ...rows], style),
    ...(choice === null
      ? []
      : ["", `Texts of ${choice.pool} by their similarity over the deep layers:`, "", ...chosen(choice, style)]),
  ];
}

function chosen(choice: NonNullable<CalibrationDocument["choice"]>, style: Style): string[] {
  const { named, left } = namedTexts(choice);
  const rows = named.map(({ source, similarity, chosen }) => [source, similarity.toFixed(3), chosen ? "chosen" : ""]);
  return [
    ...table([{ title: "text", align: "left" }, { title: "similarity" }, { title: "", align: "left" }], rows, style),
    ...(left === 0 ? [] : [`… and ${formatCount(left)} that are no more alike.`]),
  ];
}
