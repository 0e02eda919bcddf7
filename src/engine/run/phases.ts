/* Apart from the rest of the interface, so that browser code may know them. */

/**
 * What a sweep is doing: blocks forward, 0 … layers−1, then the head, then blocks backward, layers−1 … 0; where the model gives
 * the answer that is asked for, that comes before.
 */
export type SweepPhase = "continue" | "forward" | "head" | "backward";

/** A sweep, where activations are measured; then pruning, evaluating, answering questions, continuing a prompt, and writing files. */
export type PrunePhase = SweepPhase | "prune" | "evaluate" | "answer" | "write";

/** Both prompts as they are, then all cells. */
export type PatchingPhase = "forward" | "patch";

/** What is swept besides the texts of a request: those of the yardstick, those of the typical profile, or the beginnings of a text. */
export type OtherTexts = "unrelated texts" | "typical texts" | "positions";

/** What any run that a view shows may be doing. */
export type RunPhase = PrunePhase | PatchingPhase;

/** A sweep that attributes, then all deactivations. */
export type NeuronsPhase = SweepPhase | "deactivate";
