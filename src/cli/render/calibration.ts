import type { CalibrationDocument } from "../../engine/document/document";
import { calibrationSentences, calibrationTitle, namedTexts, ratioToDense } from "../../format/calibration";
import { formatCount, formatNumber } from "../../format/numbers";
import { timesInColumn } from "../../format/perplexity-ratio";
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
    ...evaluations.flatMap(({ name }) => [{ title: name }, { title: "× dense", align: "left" as const }]),
  ];
  const rows = zip(calibrations, perplexity).map(([{ name, texts, tokens }, values], i) => [
    name,
    formatCount(texts),
    formatCount(tokens),
    ...values.flatMap((value, k) => [formatNumber(value), timesInColumn(ratioToDense(document, i, k))]),
  ]);
  const figures = evaluations
    .map(({ name, windows, tokens }) => `${name} ${formatCount(tokens)} in ${formatCount(windows)}`)
    .join(", ");
  return [
    style("bold", calibrationTitle(document)),
    ...calibrationSentences(document),
    "",
    `Perplexity on held-out texts (predicted tokens, windows: ${figures}), and how many times the dense model's that is, with the 95 % interval over windows where there are enough:`,
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
