import type { QuantizeRequest } from "../api";
import type { BitsDocument, BitsPoint } from "../document/bits";
import { elementAt } from "../numbers/elements";
import { changedFigures } from "../prune/changed-figures";
import { comparedStates, predictingStates } from "../prune/evaluate";
import type { PruneEvents } from "../prune/run-parts";
import { evaluatedWindows } from "../prune/window-losses";
import type { ForwardRequest } from "../sweep/hidden-states";
import { chooseFormats, type ChosenFormats } from "./costs-by-way";
import { chosenModel, type Made } from "./made";
import { bitsPerWeight } from "./tensors";

/** What the choice costs on the windows of a text, and what other ways and sizes do. */
export async function* evaluateChoices(
  { model, by, evaluation }: QuantizeRequest,
  made: Made,
  forward: Omit<ForwardRequest, "ids">,
): PruneEvents<Pick<BitsDocument, "evaluation" | "curve">> {
  const { choosing, chosen, parts, prepared } = made;
  const { windows, costs } = prepared;
  if (windows === undefined || evaluation === undefined) return { evaluation: null, curve: [] };
  const passing = { ...forward, ids: windows.ids };
  const dense = yield* parts.run(costs.evaluate, predictingStates(passing, 0, 1));
  const measured = async function* (choice: ChosenFormats) {
    const changed = { ...passing, model: chosenModel(model, made, choice) };
    const states = yield* parts.run(costs.evaluate, predictingStates(changed, 0, 1));
    const rows = await comparedStates(passing, dense, states, changed.model);
    const { changed: quantized, ...own } = changedFigures(evaluatedWindows(rows, windows.ids));
    return { ...own, quantized };
  };
  const own = yield* measured(chosen);
  const curve: BitsPoint[] = [];
  const known = new Map([[keyOf(chosen), own.quantized]]);
  for (const { way, bytes } of prepared.points) {
    const choice = chooseFormats(choosing, way, bytes);
    if (choice === undefined) continue;
    const key = keyOf(choice);
    const figures = known.get(key) ?? (yield* measured(choice)).quantized;
    known.set(key, figures);
    // at sizes between two mixtures of llama.cpp, or two formats, there is nothing new
    if (curve.some((point) => point.by === way && point.bytes === choice.bytes)) continue;
    if (way === by && choice.bytes === chosen.bytes) continue;
    curve.push({
      by: way,
      mixture: choice.mixture ?? null,
      bytes: choice.bytes,
      bitsPerWeight: bitsPerWeight(choosing, choice.bytes),
      ...figures,
    });
  }
  return {
    evaluation: {
      text: evaluation.text.source,
      window: elementAt(windows.ids, 0).length,
      windows: windows.ids.length,
      available: windows.available,
      ...own,
    },
    curve,
  };
}

const keyOf = ({ formats }: ChosenFormats): string => formats.map(({ name }) => name).join(" ");
