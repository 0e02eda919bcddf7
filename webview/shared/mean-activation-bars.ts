import { nothing, type TemplateResult } from "lit";
import { formatNumber } from "../../src/format/numbers";
import type { StreamedAnalysisLayer } from "../../src/pages/analysis";
import { type BarChart, barChart } from "./bar-chart";
import { rowHeightOf } from "./row-height";

/** Bars of the layers of a sweep that are there, thin lines for the others, where the finished page will have its bars. */
export function meanActivationBars(
  streamed: readonly StreamedAnalysisLayer[],
  layerCount: number,
  { focused, ...place }: Pick<BarChart, "top" | "width" | "focused" | "onFocus">,
): TemplateResult | typeof nothing {
  if (layerCount === 0) return nothing;
  const found = new Map(streamed.map((layer) => [layer.layer, layer.meanActivation]));
  const highest = Math.max(0, ...found.values());
  const bars = Array.from({ length: layerCount }, (_, layer) => {
    const mean = found.get(layer);
    return {
      label: String(layer),
      length: mean === undefined ? undefined : highest > 0 ? mean / highest : 0,
      text: mean === undefined ? "" : formatNumber(mean),
      description:
        mean === undefined ? `Layer ${layer}: not there yet` : `Layer ${layer}: ${formatNumber(mean)} mean activation`,
    };
  });
  return barChart({
    id: "layers-chart",
    label: "Layers by mean activation",
    bars,
    // the room of an axis, which the finished chart has
    axis:
      highest > 0
        ? [
            { at: 0, text: "0" },
            { at: 1, text: formatNumber(highest) },
          ]
        : [{ at: 0, text: "0" }],
    ...place,
    rowHeight: rowHeightOf(layerCount),
    focused: Math.min(focused, layerCount - 1),
  });
}
