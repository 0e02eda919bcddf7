/** What the engine offers to the command line and to the scoring process. */
export { analyze } from "./analyze";
export type * from "./api";
export { chooseCalibration } from "./calibration/choose";
export { calibrationStudy } from "./calibration/study";
export { compare } from "./compare/compare";
export { domains } from "./compare/domains";
export { estimate } from "./estimate";
export { neurons } from "./neurons/neurons";
export { patching } from "./patching/patching";
export { estimatePatching, patchingFlops } from "./patching/patching-plan";
export { pairs } from "./pairs/pairs";
export { checkDevice, type DeviceCheck } from "./runtime/check-device";
export { openModel } from "./model/model";
export { calibrationSet } from "./prune/calibration";
export { pruningChoices } from "./prune/choices";
export { estimatePruning, pruningFlops } from "./prune/estimate-pruning";
export { prune } from "./prune/prune";
export { parseTarget } from "./sweep/target";
