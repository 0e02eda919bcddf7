import type { AnalysisDocument, AnalysisLayer } from "../engine/document/document";
import { elementAt } from "../engine/numbers/elements";
import { formatDensity } from "./numbers";

/** What an expert of a layer comes to. */
export interface ExpertFigures {
  readonly expert: number;
  /** How many of the layer's tokens are routed to it, and what share of them that is. */
  readonly tokens: number;
  readonly share: number;
  readonly parameters: number;
  readonly active: number;
  readonly density: number;
  /** Its activation, and that of one of its weights on average. */
  readonly sum: number;
  readonly mean: number;
}

/** How many of each matrix's weights are active, at whatever threshold. */
type ActiveOf = (module: AnalysisLayer["modules"][number], index: number) => number;

/** The experts of a layer, what their matrices come to added up; none where it has none. */
export function expertsOf(
  { modules, routing }: AnalysisLayer,
  activeOf: ActiveOf = ({ active }) => active,
): ExpertFigures[] {
  if (routing === undefined) return [];
  const places = new Map(modules.map(({ name }, index) => [name, index]));
  return routing.experts.map(({ tokens, modules: names }, expert) => {
    const own = names.flatMap((name) => places.get(name) ?? []);
    const total = (of: (module: AnalysisLayer["modules"][number], index: number) => number): number =>
      own.reduce((sum, index) => sum + of(elementAt(modules, index), index), 0);
    const [parameters, active, sum] = [
      total((module) => module.parameters),
      total(activeOf),
      total((module) => module.sum),
    ];
    return {
      expert,
      tokens,
      share: routing.tokens > 0 ? tokens / routing.tokens : 0,
      parameters,
      active,
      density: parameters > 0 ? active / parameters : 0,
      sum,
      mean: parameters > 0 ? sum / parameters : 0,
    };
  });
}

/** Whether any layer has experts. */
export function hasExperts({ layers }: Pick<AnalysisDocument, "layers">): boolean {
  return layers.some(({ routing }) => routing !== undefined);
}

/** The name of the expert that a matrix is of, and how many tokens it gets; undefined of a matrix that is no expert's. */
export function expertOf({ routing }: AnalysisLayer, module: string): { expert: number; tokens: number } | undefined {
  const expert = routing?.experts.findIndex(({ modules }) => modules.includes(module)) ?? -1;
  return expert < 0 ? undefined : { expert, tokens: routing?.experts[expert]?.tokens ?? 0 };
}

interface RoutedLayer {
  readonly layer: number;
  readonly routing?: { readonly tokens: number } | undefined;
}

/**
 * The layers with experts that all tokens pass, and in words those that are left out: the last one, of which the target's position alone may be asked for.
 * What that routes is one token of a sample, whatever the text.
 */
export function passedLayers<Layer extends RoutedLayer>(
  layers: readonly Layer[],
): { readonly passed: readonly Layer[]; readonly but: string } {
  const most = Math.max(0, ...layers.map(({ routing }) => routing?.tokens ?? 0));
  const passed = layers.filter(({ routing }) => routing?.tokens === most);
  const others = layers.filter((layer) => layer.routing !== undefined && !passed.includes(layer));
  const numbers = others.map(({ layer }) => layer).join(", ");
  return {
    passed: most > 0 ? passed : [],
    but:
      others.length > 0
        ? `, those of layer${others.length > 1 ? "s" : ""} ${numbers} not counted, which only the last token passes`
        : "",
  };
}

/**
 * Which expert takes the largest share of its layer's tokens, where one does and that prints as more than an equal one, and how many get none. Of layers
 * that all tokens pass: of the last one, of which the target's position alone may, nothing is said.
 */
export function expertsFinding({ layers }: Pick<AnalysisDocument, "layers">): string | undefined {
  const { passed, but } = passedLayers(layers);
  const all = passed.flatMap((layer) =>
    expertsOf(layer).map((expert) => ({ layer: layer.layer, equal: equalShare(layer), ...expert })),
  );
  if (all.length === 0) return undefined;
  const unreached = all.filter(({ tokens }) => tokens === 0).length;
  const none =
    unreached === 0
      ? `Every one of the ${all.length} experts gets some token${but}.`
      : `${unreached} of ${all.length} experts ${unreached === 1 ? "gets" : "get"} no token${but}.`;
  const [first, second] = all.toSorted((a, b) => b.share - a.share);
  if (first === undefined || formatDensity(first.share) === formatDensity(second?.share ?? 0)) return none;
  const [own, equal] = [formatDensity(first.share), formatDensity(first.equal)];
  if (own === equal) return none;
  return `Expert ${first.expert} of layer ${first.layer} takes the most of its layer's tokens, ${own} where an equal share is ${equal}. ${none}`;
}

/** The share of tokens that every expert would have if all had as many. */
function equalShare({ routing }: AnalysisLayer): number {
  const experts = routing?.experts ?? [];
  const routed = experts.reduce((sum, { tokens }) => sum + tokens, 0);
  return routing && routing.tokens > 0 ? routed / experts.length / routing.tokens : 0;
}
