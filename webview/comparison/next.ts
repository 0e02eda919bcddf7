import { nothing, type TemplateResult } from "lit";
import { nextFinding, nextShares, type NextShare } from "../../src/format/compared-next";
import { nextSharesChart, nextSharesTable } from "../shared/next-shares";
import { section } from "../shared/section";
import { explanations } from "./explanations";
import type { Panel } from "./panel";
import { shownSample } from "./texts";

export const nextChart = "next-chart";

/** What the model takes for likely to come next, after A and after B. */
export function nextSection(panel: Panel): TemplateResult | typeof nothing {
  const { view, change, width } = panel;
  const shares = sharesOf(panel);
  if (shares.length === 0) return nothing;
  return section(panel, {
    name: "next",
    title: "Next token",
    note: severalSamples(panel) ? "after the two samples that are shown" : undefined,
    chart: () =>
      nextSharesChart(shares, {
        id: nextChart,
        label: "The likeliest next tokens after A and after B",
        names: [`after A`, `after B`],
        width,
        at: view.next,
        onMove: (next) => change({ next }),
      }),
    table: () => nextTable(panel),
    sentence: nextFinding(shares),
    explanation: explanations.next,
  });
}

/** The shares of the two samples that are shown; of single texts the document has those of both sides. */
function sharesOf(panel: Panel): NextShare[] {
  const [a, b] = [shownSample(panel, "a"), shownSample(panel, "b")];
  if (!a || !b) return [];
  return nextShares(a.nextTokens, b.nextTokens, severalSamples(panel) ? undefined : panel.document.next);
}

function severalSamples({ document: { a, b } }: Panel): boolean {
  return a.samples.length > 1 || b.samples.length > 1;
}

export function nextTable(panel: Panel) {
  return nextSharesTable(sharesOf(panel), "The likeliest next tokens after A and after B");
}
