import type { AnalysisDocument } from "../../src/engine/document/document";
import { formatCount, formatDensity, formatNumber } from "../../src/format/numbers";
import { formatRatio } from "../../src/format/typical-findings";
import { paramscope } from "../cli/session";

/** What the command line finds: what the editor shows must be the same. */
export async function analyzed(...args: string[]): Promise<AnalysisDocument> {
  const { stdout } = await paramscope(["analyze", ...args, "--json"]);
  return JSON.parse(stdout) as AnalysisDocument;
}

/** What the table of layers shows of a document. */
export function tableOf({ layers, typical }: AnalysisDocument): string[][] {
  return layers.map(({ layer, density, active, parameters, sum, l2, max }, i) => [
    String(layer),
    formatDensity(density),
    formatCount(active),
    formatCount(parameters),
    formatNumber(sum / parameters),
    formatNumber(l2),
    formatNumber(max),
    ...(typical ? [formatRatio(typical.ratios.layer[i])] : []),
  ]);
}
