import type { Architecture, LayerKind } from "../model/architectures/architecture";
import { blockInputs } from "../model/architectures/block-builder";
import { ropeTables, type Rope } from "../model/architectures/rope";
import { blockAt, type Model, type ModelBlock } from "../model/model";
import { elementAt } from "../numbers/elements";
import { tensor, type FloatTensor, type Tensor } from "../runtime/runtime";
import { queriesIn, type BlockBatch } from "./block-batch";
import { forwardGraph } from "./block-graphs";
import { concatenate } from "./concatenate";

/** A score that no softmax sees: far below every real one, and finite. */
const MASKED = -1e30;

/** What a block is given of where its tokens stand: mask, positions, cosines and sines. */
export class PositionInputs {
  readonly #model: Model;
  readonly #tables = new Map<string, Record<string, Tensor>>();
  /** Whether matrices of a kind of block are applied element by element. */
  readonly #identities = new Map<number, boolean>();

  constructor(model: Model) {
    this.#model = model;
  }

  /** Mask, positions, cosines and sines of a layer's kind, made once per shape. */
  of(layer: number, batch: BlockBatch): Record<string, Tensor> {
    const { definition } = this.#model;
    const { rope } = definition;
    const kind = definition.layer(layer);
    const block = blockAt(this.#model, layer);
    const lengths = ropeOfKind(rope, kind)?.frequenciesAt === undefined ? undefined : lengthsOf(batch);
    const { window, rotary } = kind;
    const { samples, tokens, positions } = batch;
    const key = JSON.stringify([block.kind, window, rotary, samples, tokens, positions, lengths]);
    let inputs = this.#tables.get(key);
    if (inputs === undefined) {
      // two kinds of layers and two shapes of parts are in use at a time: older ones would only hold memory
      if (this.#tables.size >= 4) this.#tables.clear();
      this.#tables.set(key, (inputs = this.#make(block, kind, batch)));
    }
    return inputs;
  }

  /** Whether matrices of a block are applied element by element. */
  #hasIdentity({ kind, definition: block }: ModelBlock): boolean {
    let has = this.#identities.get(kind);
    if (has === undefined) {
      const { b, outputs } = forwardGraph({ hiddenSize: this.#model.hiddenSize, block }, false);
      const { inputs } = b.graph(outputs);
      has = inputs.some(({ attributes }) => attributes.name === blockInputs.identity);
      this.#identities.set(kind, has);
    }
    return has;
  }

  #make(block: ModelBlock, kind: LayerKind, batch: BlockBatch): Record<string, Tensor> {
    const { samples, tokens, positions } = batch;
    const queries = queriesIn(batch);
    const { queryScale, headSize } = this.#model.definition;
    const inputs: Record<string, Tensor> = {};
    const asked = positions ?? [Array.from({ length: tokens }, (_, i) => i)];
    inputs[blockInputs.mask] = this.#mask(asked, tokens, kind);
    if (positions !== undefined) {
      const selector = new Float32Array(samples * queries * tokens);
      positions.flat().forEach((position, row) => (selector[row * tokens + position] = 1));
      inputs[blockInputs.selector] = tensor(selector, samples, queries, tokens);
    }
    if (queryScale !== undefined)
      inputs[blockInputs.queryScales] = tensor(
        Float32Array.from(asked.flat(), queryScale),
        asked.length,
        1,
        queries,
        1,
      );
    if (this.#hasIdentity(block))
      inputs[blockInputs.identity] = tensor(identities(samples, headSize), samples, headSize, headSize);
    const rope = ropeOfKind(this.#model.definition.rope, kind);
    if (rope === undefined) return inputs;

    const { cosines, sines, rows, begins } = ropeTables(rope, lengthsOf(batch), tokens, kind.rotary ?? true);
    inputs[blockInputs.cosines] = tensor(cosines, rows, rope.rotated / 2);
    inputs[blockInputs.sines] = tensor(sines, rows, rope.rotated / 2);
    const inTable = (of: (sample: number) => readonly number[]): BigInt64Array =>
      BigInt64Array.from(begins.flatMap((begin, sample) => of(sample).map((position) => BigInt(begin + position))));
    const every = Array.from({ length: tokens }, (_, i) => i);
    inputs[blockInputs.positions] = tensor(
      inTable(() => every),
      samples,
      tokens,
    );
    if (positions)
      inputs[blockInputs.queryPositions] = tensor(
        inTable((sample) => elementAt(positions, sample)),
        samples,
        queries,
      );
    return inputs;
  }

  /** What is added to scores, `[rows, 1 or key heads, groups · queries, tokens]`, a row for each list of positions. */
  #mask(asked: readonly (readonly number[])[], tokens: number, { window, ...kind }: LayerKind): FloatTensor {
    const { queryHeads, positionBias } = this.#model.definition;
    const { keyValueHeads = this.#model.definition.keyValueHeads } = kind;
    const groups = queryHeads / keyValueHeads;
    const queries = elementAt(asked, 0).length;
    const masks = asked.map((own) => maskRows(own, tokens, window));
    if (positionBias === undefined) {
      const perRow = masks.map((mask) => repeat(mask, groups));
      return tensor(concatenate(perRow), asked.length, 1, groups * queries, tokens);
    }
    const perHead = asked.flatMap((own, row) =>
      Array.from({ length: queryHeads }, (_, head) =>
        elementAt(masks, row).map((masked, i) =>
          masked === 0 ? positionBias(head, elementAt(own, Math.floor(i / tokens)), i % tokens) : masked,
        ),
      ),
    );
    return tensor(concatenate(perHead), asked.length, keyValueHeads, groups * queries, tokens);
  }
}

const lengthsOf = ({ texts }: BlockBatch): number[] => texts.map(({ length }) => length);

/** The rope of a layer of that kind. */
function ropeOfKind(rope: Architecture["rope"], { window }: LayerKind): Rope | undefined {
  return (window === undefined ? undefined : rope?.sliding) ?? rope?.full;
}

/** Identity matrices `[count, size, size]`. */
function identities(count: number, size: number): Float32Array {
  return Float32Array.from({ length: count * size * size }, (_, i) => ((i % (size * size)) % (size + 1) === 0 ? 1 : 0));
}

/** `[rows, tokens]`: 0 where a position sees, MASKED where it does not. */
function maskRows(positions: readonly number[], tokens: number, window = Infinity): Float32Array {
  const mask = new Float32Array(positions.length * tokens).fill(MASKED);
  positions.forEach((position, row) => {
    const first = Math.max(0, position - window + 1);
    mask.fill(0, row * tokens + first, row * tokens + position + 1);
  });
  return mask;
}

function repeat(values: Float32Array, times: number): Float32Array {
  return times === 1 ? values : concatenate(Array.from({ length: times }, () => values));
}
