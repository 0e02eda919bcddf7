import type { AnalyzeRequest, Estimate } from "../api";
import { estimate } from "../run/estimate";
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
  const own = await estimate(request, { samples: set.samples, ...(frequency !== undefined && { frequency }) });
  const first = await estimateTypical(request, set, typical);
  if (first === undefined) return own;
  return {
    ...own,
    seconds: [own.seconds[0] + first.seconds[0], own.seconds[1] + first.seconds[1]],
    memory: Math.max(own.memory, first.memory),
    leastMemory: Math.max(own.leastMemory, first.leastMemory),
    diskRead: own.diskRead + first.diskRead,
    spilled: Math.max(own.spilled, first.spilled),
  };
}
