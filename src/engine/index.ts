/** What the engine offers to the command line and to the scoring process. */
export { analyze } from "./analyze";
export type * from "./api";
export { compare } from "./compare/compare";
export { domains } from "./compare/domains";
export { estimate } from "./estimate";
export { patching } from "./patching/patching";
export { estimatePatching, patchingFlops } from "./patching/patching-plan";
export { pairs } from "./pairs/pairs";
export { openModel } from "./model/model";
export { calibrationSet } from "./prune/calibration";
export { estimatePruning } from "./prune/estimate-pruning";
export { prune } from "./prune/prune";
export { parseTarget } from "./sweep/target";
