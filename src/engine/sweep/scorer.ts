import { modulesAt, type ScoredModule } from "../model/model";
import { elementAt } from "../numbers/elements";
import { tensor, type FloatTensor } from "../runtime/runtime";
import type { Batch } from "./batch";
import type { BlockGradients } from "./block-runner";
import { Programs } from "./programs";
import type { Reducer, Unit } from "./reducers/reducer";
import { scoreGraph } from "./score-graphs";
import { eachTile, modulesOf, type ScoreTile } from "./score-tiles";
import type { SweepContext } from "./sweep-context";

/** A set of a unit, both by their numbers. */
interface SetInBatch {
  readonly unit: number;
  readonly set: number;
}

/** How a batch's samples make up sets. */
interface BatchSets {
  readonly sets: readonly SetInBatch[];
  /** What part of each set's mean each sample is, `[sets, samples]`; undefined: every sample is a set of its own, in order. */
  readonly shares: FloatTensor | undefined;
  /** Units all of whose samples are in this batch: their tiles are final. */
  readonly whole: readonly number[];
}

/** Forms scores by tiles, adds them up to the means of sets, and hands them to the reducers. */
export class Scorer {
  readonly #context: SweepContext;
  readonly #units: readonly Unit[];
  readonly #reducers: readonly Reducer[];
  readonly #programs: Programs;
  readonly #batchSets: readonly BatchSets[];
  /** Means under way of units that several batches make up, per unit, set and module. */
  readonly #partial = new Map<string, Float32Array>();

  constructor(context: SweepContext, units: readonly Unit[], reducers: readonly Reducer[]) {
    this.#context = context;
    this.#units = units;
    this.#reducers = reducers;
    this.#programs = new Programs(context.runtime, context.profiler);
    this.#batchSets = context.plan.batches.map((batch) => setsOf(batch, units));
  }

  /** Takes in one batch's gradients of the block whose weights are loaded. */
  async add(layer: number, batch: number, gradients: BlockGradients): Promise<void> {
    const { model, plan, workspace, profiler, signal } = this.#context;
    const batchSets = elementAt(this.#batchSets, batch);
    const { sets, shares, whole } = batchSets;
    if (sets.length === 0) return;
    const program = await this.#programs.get(`scores ${shares !== undefined}`, () => scoreGraph(shares !== undefined), {
      // measured on SmolLM2: 100 to 200 MiB less at the peak than handing every tile back to the C library, and no slower
      keepsMemory: true,
    });
    for (const ofModule of modulesOf(model, layer, gradients)) {
      const { module } = ofModule;
      await eachTile(this.#context, ofModule, plan.tileBytes, async (tile) => {
        signal?.throwIfAborted();
        const { rows, weights, inputs } = tile;
        const size = rows * module.in;
        const scores = workspace.take("scores", sets.length * size);
        await profiler.time("scores", () =>
          program.run(
            { ...inputs, weight: tensor(weights, rows, module.in), ...(shares && { sets: shares }) },
            { scores: tensor(scores, sets.length, size) },
          ),
        );
        profiler.timeSync("reducing", () => {
          this.#hand(layer, tile, batchSets, scores);
        });
      });
      for (const unit of whole) this.#moduleDone(layer, module, unit);
    }
  }

  /** Hands on scores `[sets, rows·in]` of the units that are whole, and adds up those of all others. */
  #hand(
    layer: number,
    { module, from, rows, weights }: ScoreTile,
    { sets, whole }: BatchSets,
    scores: Float32Array,
  ): void {
    const size = rows * module.in;
    const byUnit = new Map<number, Float32Array[]>();
    sets.forEach(({ unit, set }, i) => {
      const values = scores.subarray(i * size, (i + 1) * size);
      if (whole.includes(unit)) {
        const parts = byUnit.get(unit) ?? [];
        parts[set] = values;
        byUnit.set(unit, parts);
      } else {
        const sum = this.#sum(unit, set, module);
        const first = from * module.in;
        for (let i = 0; i < size; i++) sum[first + i]! += values[i]!;
      }
    });
    for (const [unit, parts] of byUnit)
      for (const reducer of this.#reducers) reducer.tile({ layer, module, unit, from, rows, scores: parts, weights });
  }

  #sum(unit: number, set: number, module: ScoredModule): Float32Array {
    const key = `${unit}/${set}/${module.name}`;
    const size = module.out * module.in;
    let sum = this.#partial.get(key);
    // matrices of one name may be of another size in each layer
    if (sum?.length !== size) this.#partial.set(key, (sum = new Float32Array(size)));
    return sum;
  }

  #moduleDone(layer: number, module: ScoredModule, unit: number): void {
    for (const reducer of this.#reducers) reducer.moduleDone?.(layer, module, unit);
  }

  /** All batches of the layer have come. */
  layerDone(layer: number): void {
    const { model, blocks, profiler } = this.#context;
    profiler.timeSync("reducing", () => {
      this.#units.forEach(({ sets }, unit) => {
        if (this.#batchSets.some(({ whole }) => whole.includes(unit))) return;
        for (const module of modulesAt(model, layer)) {
          const scores = sets.map((_, set) => this.#sum(unit, set, module));
          const weights = blocks.weight(`${module.name}.weight`);
          for (const reducer of this.#reducers)
            reducer.tile({ layer, module, unit, from: 0, rows: module.out, scores, weights });
          this.#moduleDone(layer, module, unit);
          for (const sum of scores) sum.fill(0);
        }
      });
      for (const reducer of this.#reducers) reducer.layerDone?.(layer);
    });
  }

  async dispose(): Promise<void> {
    await this.#programs.dispose();
    this.#partial.clear();
  }
}

function setsOf(batch: Batch, units: readonly Unit[]): BatchSets {
  const sets: SetInBatch[] = [];
  const rows: number[][] = [];
  const whole: number[] = [];
  units.forEach((unit, index) => {
    unit.sets.forEach((members, set) => {
      const shares = batch.samples.map((sample) => (members.includes(sample) ? 1 / members.length : 0));
      if (!shares.some((share) => share > 0)) return;
      sets.push({ unit: index, set });
      rows.push(shares);
    });
    const members = unit.sets.flat();
    if (members.length > 0 && members.every((sample) => batch.samples.includes(sample))) whole.push(index);
  });
  const each =
    rows.length === batch.samples.length && rows.every((shares, i) => shares.every((s, j) => s === (i === j ? 1 : 0)));
  const shares = each ? undefined : tensor(Float32Array.from(rows.flat()), rows.length, batch.samples.length);
  return { sets, shares, whole };
}
