import type { AnalyzeRequest, Estimate } from "../api";
import { estimatePositions } from "./positions";
import { estimate, together, withFirst } from "../run/estimate";
import { estimateTypical } from "../typical/typical";
import { checkTypical } from "../typical/typical-texts";

/**
 * What an analysis would take, from sizes alone and the measurement of this machine; with the measurement of typical texts, where that would be
 * made now.
 * @throws ParamscopeError as `analyze` itself would, before it computes.
 */
export async function estimateAnalysis(request: Omit<AnalyzeRequest, "threshold">): Promise<Estimate> {
  const { set, typical, frequency } = request;
  if (typical) checkTypical(typical.texts);
  const alone = await estimate(request, { samples: set.samples, ...(frequency !== undefined && { frequency }) });
  const own = request.positions ? together(alone, await estimatePositions(request, set, request.positions)) : alone;
  const first = await estimateTypical(request, set, typical);
  if (first === undefined) return own;
  return {
    ...withFirst(own, first, "typical texts"),
    leastMemory: Math.max(own.leastMemory, first.leastMemory),
    spilled: Math.max(own.spilled, first.spilled),
  };
}
