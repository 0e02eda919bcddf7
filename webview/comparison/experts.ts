import { nothing, type TemplateResult } from "lit";
import {
  type ComparedExpert,
  comparedExperts,
  expertsPartSentences,
  hasExperts,
} from "../../src/format/compared-experts";
import { formatDensity, formatNumber } from "../../src/format/numbers";
import type { DataTable } from "../shared/data-table";
import type { HeatCell, HeatMap } from "../shared/heat-cells";
import { expertsSectionOf } from "../shared/experts-section";
import { expertsMap } from "../shared/experts-map";
import type { HeatLegend } from "../shared/heat-legend";
import { clamp } from "../shared/scales";
import { similarityScale } from "../shared/similarity-scale";
import { explanations } from "./explanations";
import type { Panel } from "./panel";
import type { ExpertMeasure } from "./view-state";

const measureNames: Record<ExpertMeasure, string> = { tokens: "Tokens, B less A", similarity: "Similarity" };

/** The heat map: layers down, experts across, by which side sends them more of its tokens; nothing of a model without experts. */
export function expertsSection(panel: Panel): TemplateResult | typeof nothing {
  const { document, view, change } = panel;
  if (!hasExperts(document)) return nothing;
  const { map, legend } = expertsHeatMap(panel, panel.width);
  return expertsSectionOf(panel, {
    measure: view.experts ?? "tokens",
    names: measureNames,
    onMeasure: (experts) => change({ experts }),
    map,
    legend,
    table: () => expertsTable(panel),
    sentence: expertsPartSentences(document).join(" "),
    explanation: explanations.experts,
  });
}

/** The heat map of the experts by the chosen measure, with what its colours mean. */
export function expertsHeatMap(
  { document, view, change, theme }: Panel,
  width: number,
): { readonly map: HeatMap; readonly legend: HeatLegend } {
  const all = comparedExperts(document);
  const layers = [...new Set(all.map(({ layer }) => layer))].map((layer) => ({
    layer,
    row: document.layers.findIndex((each) => each.layer === layer),
    experts: all.filter((expert) => expert.layer === layer),
  }));
  const diverges = (view.experts ?? "tokens") === "tokens";
  const more = ({ share }: ComparedExpert): number => share.b - share.a;
  // a layer that one position passes has all or nothing: beside it nothing else would be seen
  const passed = all.filter(({ isPassed }) => isPassed);
  const scaled = passed.length > 0 ? passed : all;
  const furthest = Math.max(0, ...scaled.map((expert) => Math.abs(more(expert))));
  const alike = similarityScale(scaled.filter(isReached).map(({ similarity }) => similarity));
  const isBeyond = diverges
    ? all.some((expert) => Math.abs(more(expert)) > furthest)
    : all.some((expert) => isReached(expert) && alike.position(expert.similarity) > 1);
  const cellOf = (expert: ComparedExpert): HeatCell | undefined => {
    if (!diverges && !isReached(expert)) return undefined;
    const { layer, share, part, similarity } = expert;
    const apart = furthest > 0 ? clamp(0.5 + more(expert) / furthest / 2) : 0.5;
    return {
      position: diverges ? apart : clamp(alike.position(similarity)),
      text: diverges ? signed(more(expert)) : alike.text(similarity),
      describe: () =>
        `Layer ${layer} expert ${expert.expert}: ${formatDensity(share.a)} of A's tokens, ${formatDensity(share.b)} of B's; ` +
        `${formatDensity(part.a)} of A's activation, ${formatDensity(part.b)} of B's; ` +
        (isReached(expert) ? `similarity ${formatNumber(similarity)}` : "not reached by both"),
    };
  };
  const beyond = isBeyond ? "; what is beyond has the strongest colours" : "";
  const map: HeatMap = { ...expertsMap(layers, cellOf, { view, change, width, theme }), diverges };
  if (!diverges) return { map, legend: { ...alike.legend, what: `similarity, of experts that both reach${beyond}` } };
  const [low, high] = [`${signed(-furthest)} A`, `B ${signed(furthest)}`];
  const hatching = `Hatching leans left where A, right where B has more: solid is ${low}, ${high}`;
  return { map, legend: { low, high, hatching, what: `share of tokens, B less A, in points of %${beyond}` } };
}

const isReached = ({ tokens }: ComparedExpert): boolean => tokens.a > 0 && tokens.b > 0;

/** `+12.3`, in points of a percentage. */
function signed(share: number): string {
  const points = (100 * Math.abs(share)).toFixed(1);
  return Number(points) === 0 ? "0" : `${share < 0 ? "−" : "+"}${points}`;
}

export function expertsTable({ document }: Panel): DataTable {
  const titles = ["Layer", "Expert", "Tokens A", "Tokens B", "Share A", "Share B", "Activation A", "Activation B"];
  const shares = [formatDensity, formatDensity, formatDensity, formatDensity];
  return {
    caption: "Experts",
    columns: [...titles, "Similarity"].map((title) => ({ title })),
    rows: comparedExperts(document).map(({ layer, expert, tokens, share, part, similarity }) => [
      layer,
      expert,
      tokens.a,
      tokens.b,
      share.a,
      share.b,
      part.a,
      part.b,
      similarity,
    ]),
    format: [String, String, String, String, ...shares, formatNumber],
  };
}
