import { modulesAt, type Model, type ScoredModule } from "../model/model";
import { elementAt } from "../numbers/elements";
import { tensor, type Runtime } from "../runtime/runtime";
import type { BlockRunner } from "./block-runner";
import type { Profiler } from "./profiler";
import { Programs } from "./programs";
import { sideSumsGraph } from "./score-graphs";
import { eachTile, withGradients } from "./score-tiles";
import type { GradientObserver } from "./sweep";
import { Workspace } from "./workspace";

/** What of a matrix has a sum: each of its rows, each of its columns, or all of it. */
export type SideOf = (layer: number, module: string) => Side;

type Side = "rows" | "columns" | "all";

/**
 * The activations of every sample by itself, summed along one side of every matrix or over all of it, in the layer that a sweep is at. They are added up
 * in the runtime: single samples' scores never leave a tile.
 */
export class SideSums {
  readonly #model: Model;
  readonly #side: SideOf;
  readonly #context: { readonly runtime: Runtime; readonly profiler: Profiler; readonly tileBytes: number };
  readonly #programs: Programs;
  readonly #workspace = new Workspace();
  #layer = -1;
  /** Per sample, by module, of that layer. */
  readonly #sums = new Map<number, Map<string, Float64Array>>();

  constructor(
    model: Model,
    side: SideOf,
    context: { readonly runtime: Runtime; readonly profiler: Profiler; readonly tileBytes: number },
  ) {
    this.#model = model;
    this.#side = side;
    this.#context = context;
    this.#programs = new Programs(context.runtime, context.profiler);
  }

  /** Takes in a batch of a block: an observer of a sweep. */
  readonly observe: GradientObserver = async ({ layer, batch, modules, gradients, blocks }) => {
    if (layer !== this.#layer) this.#sums.clear();
    this.#layer = layer;
    for (const ofModule of withGradients(modules, gradients)) {
      const { module } = ofModule;
      const side = this.#side(layer, module.name);
      const program = await this.#programs.get(side, () => sideSumsGraph(side), { keepsMemory: true });
      const sums = batch.samples.map((sample) => this.#newSums(sample, module, side));
      await eachTile(
        this.#tiling(blocks),
        ofModule,
        this.#context.tileBytes,
        async ({ from, rows, weights, inputs }) => {
          const width = lengthOf(side, { out: rows, in: module.in });
          const part = this.#workspace.take("sums", batch.samples.length * width);
          await this.#context.profiler.time("typical texts", () =>
            program.run(
              { ...inputs, weight: tensor(weights, rows, module.in) },
              { sums: tensor(part, batch.samples.length, width) },
            ),
          );
          sums.forEach((all, i) => {
            const own = part.subarray(i * width, (i + 1) * width);
            if (side === "rows") all.set(own, from);
            else for (let column = 0; column < width; column++) all[column]! += own[column]!;
          });
        },
      );
    }
  };

  /** Of a matrix in the layer that the sweep has just done: zeros where nothing of it has a gradient. */
  of(layer: number, sample: number, module: string): Float64Array {
    const own = this.#sums.get(sample)?.get(module);
    if (own !== undefined) return own;
    const ofName = modulesAt(this.#model, layer).filter(({ name }) => name === module);
    return new Float64Array(lengthOf(this.#side(layer, module), elementAt(ofName, 0)));
  }

  async dispose(): Promise<void> {
    await this.#programs.dispose();
  }

  #newSums(sample: number, module: ScoredModule, side: Side): Float64Array {
    const sums = new Float64Array(lengthOf(side, module));
    const ofSample = this.#sums.get(sample) ?? new Map<string, Float64Array>();
    this.#sums.set(sample, ofSample.set(module.name, sums));
    return sums;
  }

  #tiling(blocks: BlockRunner) {
    return { runtime: this.#context.runtime, workspace: this.#workspace, blocks };
  }
}

/** How many sums a matrix has. */
function lengthOf(side: Side, { out, in: width }: Pick<ScoredModule, "out" | "in">): number {
  return side === "rows" ? out : side === "columns" ? width : 1;
}
