import type { AblationRequest, AblationResult, RunEvent } from "../api";
import type { AblationDescription } from "../document/ablation";
import { describeModel, describeNext, describeRun } from "../document/describe";
import { elementAt, zip } from "../numbers/elements";
import { comparePredictions } from "../prune/predictions";
import { stopwatch } from "../run/stopwatch";
import { openRuntime } from "../runtime/open-runtime";
import { tensor, type Runtime } from "../runtime/runtime";
import { ablationGraph, KEPT } from "../sweep/ablation-graph";
import { checkIds } from "../sweep/batch";
import { names } from "../sweep/block-graphs";
import { BlockRunner } from "../sweep/block-runner";
import { concatenate } from "../sweep/concatenate";
import { Embedding } from "../sweep/embedding";
import { Head, type HeadResult } from "../sweep/head";
import { LentStates } from "../sweep/lent-states";
import { allPositions } from "../sweep/passing-batch";
import { Profiler } from "../sweep/profiler";
import { Vocabulary } from "../sweep/vocabulary";
import { planAblation } from "./plan-ablation";
import { sideOf, type PlaceSide } from "./place-side";

type Progress = Exclude<RunEvent<never>, { type: "done" }>;

/**
 * Zero ablation: what becomes of a prediction when the weights of one head, or of one feed-forward neuron, count as 0. That is what an
 * activation, |w·∂y/∂w|, estimates to first order. Others of its kind are taken away too, one by one, since any of them changes a prediction
 * somewhat. Up to the layer of the place there is one run; from there on one for each of them.
 * @throws ParamscopeError when the model has no such place, or there is not the memory; the signal's reason when aborted.
 */
export async function* ablate(request: AblationRequest): AsyncGenerator<RunEvent<AblationResult>, void, void> {
  const { model, ids, place, token: asked } = request;
  const seconds = stopwatch();
  const side = sideOf(model, place);
  planAblation(request, side);
  checkIds(ids, model.vocabularySize, "The text");
  const runtime = await openRuntime(request);
  const profiler = new Profiler();
  const last = yield* lastStates(request, side, { runtime, profiler });
  const whole = elementAt(last, 0);
  const head = new Head({ model, runtime, profiler });
  const vocabulary = new Vocabulary({ model, runtime, profiler });
  try {
    const nextOf = ({ next }: HeadResult) => describeNext(model.tokenizer, next);
    const rows = [whole, elementAt(last, 1)].map((hidden) => ({ hidden: hidden.slice(), following: [] }));
    const told = await head.run(rows, { kind: "max-logit" }, request.signal);
    const token = asked ?? elementAt(elementAt(told, 0).next, 0).id;
    const without = last.slice(1);
    const states = { own: concatenate(without.map(() => whole)), other: concatenate(without) };
    const tokens = without.map(() => token);
    const compared = await comparePredictions(model, vocabulary, states, tokens, request.signal);
    const figures = without.map((_, i) => {
      const { otherLoss, divergence } = compared(i, i + 1);
      return { probability: Math.exp(-otherLoss), divergence };
    });
    const ablation: AblationDescription = {
      ...place,
      sample: 0,
      token: { id: token, text: model.tokenizer.tokenText(token) },
      whole: { probability: Math.exp(-compared(0, 1).loss), next: nextOf(elementAt(told, 0)) },
      without: { ...elementAt(figures, 0), next: nextOf(elementAt(told, 1)) },
      others: side.others,
      peers: zip(side.peers, figures.slice(1)).map(([{ index }, figure]) => ({ index, ...figure })),
    };
    const document = {
      format: "paramscope.ablation" as const,
      version: 1 as const,
      model: await describeModel(model),
      run: describeRun(runtime, seconds(), []),
      ablation,
    };
    yield { type: "done", result: { document, profile: profiler.seconds } };
  } finally {
    await vocabulary.dispose();
    await head.dispose();
  }
}

/** The last position's hidden states behind the last block: of the whole model, without the place, and without each of the others. */
async function* lastStates(
  { model, ids, place, signal }: AblationRequest,
  side: PlaceSide,
  context: { readonly runtime: Runtime; readonly profiler: Profiler },
): AsyncGenerator<Progress, Float32Array[], void> {
  const { layers, hiddenSize } = model;
  const begun = performance.now();
  const runs = 2 + side.peers.length;
  const size = ids.length * hiddenSize;
  const blocks = new BlockRunner({ model, ...context });
  const batchOf = (samples: number, lent: LentStates) =>
    allPositions({ samples: Array.from({ length: samples }, () => 0), tokens: ids.length }, [ids], lent);
  try {
    let lent = new LentStates();
    let states = await new Embedding(model).states([ids], { samples: [0], tokens: ids.length });
    for (let layer = 0; layer < layers; layer++) {
      signal?.throwIfAborted();
      await blocks.load(layer);
      if (layer === place.layer) {
        const one = states;
        states = concatenate(Array.from({ length: runs }, () => one));
        lent = lent.repeated(0, runs);
        states = await ablatedBlock(blocks, side, { hidden: states, batch: batchOf(runs, lent) }, hiddenSize);
      } else {
        const output = new Float32Array(states.length);
        await blocks.forward([{ hidden: states, batch: batchOf(states.length / size, lent), output }]);
        states = output;
      }
      yield progress(layer + 1, { layers, runs, from: place.layer, begun });
    }
    return Array.from({ length: runs }, (_, run) => states.slice((run + 1) * size - hiddenSize, (run + 1) * size));
  } finally {
    await blocks.dispose();
  }
}

/** All runs through the block of the place, which is loaded. */
async function ablatedBlock(
  blocks: BlockRunner,
  side: PlaceSide,
  pass: { readonly hidden: Float32Array; readonly batch: ReturnType<typeof allPositions> },
  hiddenSize: number,
): Promise<Float32Array> {
  const { length, own, peers } = side;
  const { tokens } = pass.batch;
  const kept = new Float32Array((2 + peers.length) * length).fill(1);
  for (const [i, { from, size }] of [own, ...peers].entries())
    kept.fill(0, (i + 1) * length + from, (i + 1) * length + from + size);
  const output = new Float32Array(pass.hidden.length);
  const size = tokens * hiddenSize;
  await blocks.observe(
    `without ${side.module} ${side.axis}`,
    (block) => ablationGraph(block, side),
    pass,
    (part, from) => {
      const to = from + part.samples;
      return {
        inputs: { [KEPT]: tensor(kept.subarray(from * length, to * length), part.samples, 1, length) },
        outputs: {
          [names.output]: tensor(output.subarray(from * size, to * size), part.samples, tokens, hiddenSize),
        },
      };
    },
  );
  return output;
}

/** How far the blocks are, by how many runs each of them takes. */
function progress(
  done: number,
  { layers, runs, from, begun }: Record<"layers" | "runs" | "from" | "begun", number>,
): Progress {
  const work = (blocks: number): number => Math.min(blocks, from) + runs * Math.max(0, blocks - from);
  const share = work(done) / work(layers);
  const seconds = (performance.now() - begun) / 1000;
  const secondsLeft = done > 1 ? (seconds * (1 - share)) / share : undefined;
  return { type: "progress", phase: "forward", done, layers, share, secondsLeft };
}
