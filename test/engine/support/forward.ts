import type { Model } from "../../../src/engine/model/model";
import { openRuntime } from "../../../src/engine/runtime/open-runtime";
import { tensor, type Runtime, type RuntimeWish } from "../../../src/engine/runtime/runtime";
import { logitsGraph } from "../../../src/engine/sweep/block-graphs";
import { BlockRunner } from "../../../src/engine/sweep/block-runner";
import { Embedding } from "../../../src/engine/sweep/embedding";
import { LentStates } from "../../../src/engine/sweep/lent-states";
import { Profiler } from "../../../src/engine/sweep/profiler";
import { Vocabulary } from "../../../src/engine/sweep/vocabulary";

/** The hidden states of several texts, all padded to the longest. */
export function embeddedTogether(model: Model, texts: readonly Int32Array[]): Promise<Float32Array> {
  const tokens = Math.max(...texts.map((ids) => ids.length));
  return new Embedding(model).states(texts, { samples: texts.map((_, i) => i), tokens });
}

/**
 * The logits `[positions, vocabulary]` of every text of a batch, formed all at once: what the engine itself never does.
 * @param hidden `[texts, tokens, hidden]`, entering block 0
 * @param texts their ids
 * @param positions of each text whose logits are wanted, its last one among them
 */
export async function logitsFrom(
  model: Model,
  hidden: Float32Array,
  texts: readonly Int32Array[],
  positions: readonly (readonly number[])[],
  wish: RuntimeWish = {},
): Promise<Float32Array[][]> {
  const runtime = await openRuntime({ threads: 1, ...wish });
  const { hiddenSize, vocabularySize } = model;
  const tokens = hidden.length / positions.length / hiddenSize;
  const states = await throughBlocks(runtime, model, hidden, texts, tokens);
  const places = positions.flatMap((of, text) => of.map((position) => text * tokens + position));
  const rows = new Float32Array(places.length * hiddenSize);
  places.forEach((place, row) => {
    rows.set(states.subarray(place * hiddenSize, (place + 1) * hiddenSize), row * hiddenSize);
  });
  const logits = await throughHead(runtime, model, rows);
  let next = 0;
  return positions.map((of) => of.map(() => logits.subarray(next++ * vocabularySize, next * vocabularySize)));
}

async function throughBlocks(
  runtime: Runtime,
  model: Model,
  hidden: Float32Array,
  texts: readonly Int32Array[],
  tokens: number,
): Promise<Float32Array> {
  const blocks = new BlockRunner({ model, runtime, profiler: new Profiler() });
  const lent = new LentStates();
  let states = hidden;
  for (let layer = 0; layer < model.layers; layer++) {
    await blocks.load(layer);
    const output = new Float32Array(states.length);
    const batch = { samples: texts.length, tokens, texts, positions: undefined, lent };
    await blocks.forward([{ hidden: states, batch, output }]);
    states = output;
  }
  await blocks.dispose();
  return states;
}

/** Hidden states `[rows, hidden]` to logits `[rows, vocabulary]`. */
async function throughHead(runtime: Runtime, model: Model, states: Float32Array): Promise<Float32Array> {
  const { hiddenSize, vocabularySize, definition } = model;
  const rows = states.length / hiddenSize;
  const vocabulary = new Vocabulary({ model, runtime, profiler: new Profiler() });
  const { width } = vocabulary;
  const normalized = await vocabulary.normalize(states);
  const embeddings = new Float32Array(vocabularySize * width);
  await vocabulary.readRows(0, embeddings);
  await vocabulary.dispose();
  const logits = new Float32Array(rows * vocabularySize);
  const head = await runtime.compile(logitsGraph(definition));
  await head.run(
    { hidden: tensor(normalized, rows, width), embeddings: tensor(embeddings, vocabularySize, width) },
    {
      logits: tensor(logits, rows, vocabularySize),
      largest: tensor(new Float32Array(rows), rows, 1),
      sum: tensor(new Float32Array(rows), rows, 1),
    },
  );
  await head.dispose();
  return logits;
}

/** The logits of every position of one text, `[tokens, vocabulary]`. */
export async function logitsOf(model: Model, ids: readonly number[]): Promise<Float32Array[]> {
  const texts = [Int32Array.from(ids)];
  const hidden = await embeddedTogether(model, texts);
  const [logits] = await logitsFrom(model, hidden, texts, [ids.map((_, t) => t)]);
  return logits;
}

/** The logarithms of the probabilities that logits stand for. */
export function logSoftmax(logits: Float32Array): Float64Array {
  const largest = logits.reduce((a, b) => Math.max(a, b));
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - largest), 0);
  return Float64Array.from(logits, (logit) => logit - largest - Math.log(sum));
}

/** The logits behind the last id of every text, `[vocabulary]` each. */
export async function lastLogits(model: Model, texts: readonly Int32Array[]): Promise<Float32Array[]> {
  const lasts = texts.map((ids) => [ids.length - 1]);
  return (await logitsFrom(model, await embeddedTogether(model, texts), texts, lasts)).flat();
}
