import type { LineChart } from "./line-chart";

/** What a chart over layers takes from its panel. */
interface WalkedLayers {
  readonly view: { readonly layer: number };
  readonly change: (change: { layer: number }) => void;
  readonly width: number;
}

/** The layers as places of a chart, walked by the layer that the view stands on. */
export function layerAxis(
  { view, change, width }: WalkedLayers,
  layers: Iterable<number>,
): Pick<LineChart, "places" | "axis" | "width" | "at" | "onMove"> {
  return {
    places: Array.from(layers, String),
    axis: "layer",
    width,
    at: view.layer,
    onMove: (layer) => change({ layer }),
  };
}

/** The deep layers as places that are shaded. */
export function deepLayers(range: readonly [number, number]): NonNullable<LineChart["shaded"]> {
  return { range, name: "deep layers" };
}
