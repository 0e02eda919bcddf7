import { passedLayers } from "../../format/experts";
import { formatDensity } from "../../format/numbers";
import { shade } from "../terminal/bar";
import type { Style } from "../terminal/style";
import { table, tableWidth } from "../terminal/table";

/** Experts that are named of a layer where there is no room for all. */
const MOST_USED = 5;

interface LayerOfExperts {
  readonly layer: number;
  readonly routing?: { readonly tokens: number } | undefined;
  readonly experts: readonly { readonly expert: number; readonly share: number }[];
}

interface Titles {
  readonly title: string;
  /** Of the column that names the first ones of each layer. */
  readonly most: string;
}

/**
 * A table of experts, layers down and experts across, by a share of something; where it is wider than `width`, the first ones of each layer. Shaded
 * by layers that all tokens pass: one token has all or nothing. Empty where there are none.
 */
export function expertsTable(
  all: readonly LayerOfExperts[],
  { title, most }: Titles,
  style: Style,
  width: number,
): string[] {
  const layers = all.filter(({ experts }) => experts.length > 0);
  if (layers.length === 0) return [];
  const count = Math.max(...layers.map(({ experts }) => experts.length));
  const { passed } = passedLayers(layers);
  const highest = Math.max(
    ...(passed.length > 0 ? passed : layers).flatMap(({ experts }) => experts.map(({ share }) => share)),
  );
  const cell = (share: number): string =>
    `${formatDensity(share)} ${shade(highest > 0 ? Math.min(1, share / highest) : 0)}`;
  const numbers = Array.from({ length: count }, (_, expert) => expert);
  const whole = table(
    [{ title: "layer" }, ...numbers.map((expert) => ({ title: `${expert}  ` }))],
    layers.map(({ layer, experts }) => [
      String(layer),
      ...numbers.map((expert) =>
        experts
          .slice(expert, expert + 1)
          .map(({ share }) => cell(share))
          .join(""),
      ),
    ]),
    style,
  );
  const first = (): string[] =>
    table(
      [{ title: "layer" }, { title: most, align: "left" as const }],
      layers.map(({ layer, experts }) => [
        String(layer),
        experts
          .toSorted((a, b) => b.share - a.share)
          .slice(0, MOST_USED)
          .map(({ expert, share }) => `${expert}: ${formatDensity(share)}`)
          .join(", "),
      ]),
      style,
    );
  return [style("bold", title), "", ...(tableWidth(whole) <= width ? whole : first())];
}
