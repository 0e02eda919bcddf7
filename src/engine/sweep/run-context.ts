import type { Model } from "../model/model";
import type { Runtime } from "../runtime/runtime";
import type { Profiler } from "./profiler";

/** A model, what runs its graphs, and what counts where the time goes. */
export interface RunContext {
  readonly model: Model;
  readonly runtime: Runtime;
  readonly profiler: Profiler;
}
