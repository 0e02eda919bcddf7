import type { ModelsDocument } from "../../src/engine/document/document";

/** A matrix: `‖ΔW‖/‖W‖`, the effect of its change, similarity, and of 100 weights how many differ and are 0 now. */
export interface MatrixFigures {
  readonly relative?: number | null;
  readonly effect?: number;
  readonly usage?: number | null;
  readonly similarity?: number;
  readonly changed?: number;
  readonly zeroed?: number;
}

/** A sample: how far its prediction moved, and the likeliest tokens of A and of B. */
export interface SampleFigures {
  readonly kl?: number;
  readonly answers?: readonly [a: string, b: string];
  readonly source?: string;
  readonly offset?: number;
}

export interface ModelsFigures {
  /** Per layer. */
  readonly matrices?: readonly (readonly MatrixFigures[])[];
  readonly samples?: readonly SampleFigures[];
  readonly isSame?: boolean;
  readonly usage?: number | null;
  readonly relation?: ModelsDocument["relation"];
  readonly klInterval?: readonly [number, number] | null;
  readonly agreementInterval?: readonly [number, number];
  /** `‖ΔW‖/‖W‖` by name. */
  readonly others?: Readonly<Record<string, number | null>>;
}

const answer = (text: string) => ({ id: text.charCodeAt(0), text, probability: 0.5 });

/** A small document of two models with these figures. */
export function modelsOf(figures: ModelsFigures = {}): ModelsDocument {
  const { matrices = [[{}]], samples = [{}], isSame = false, others = {} } = figures;
  const all = matrices.flat().map(filled);
  const sum = (of: (matrix: Required<MatrixFigures>) => number): number =>
    all.reduce((total, matrix) => total + of(matrix), 0);
  const change = {
    parameters: 100 * all.length,
    relative: all.some(({ relative }) => relative !== null) ? sum(({ relative }) => relative ?? 0) / all.length : null,
    changed: sum(({ changed }) => changed),
    zeroed: sum(({ zeroed }) => zeroed),
    effect: sum(({ effect }) => effect),
    usage: figures.usage === undefined ? 1 : figures.usage,
  };
  const predictions = samples.map(({ kl = 0.1, answers: [a, b] = ["x", "x"] }) => ({
    kl,
    agrees: a === b,
    b: { targetToken: answer(b), targetValue: 1, targetProbability: 0.5, nextTokens: [answer(b)] },
  }));
  const kls = predictions.map(({ kl }) => kl);
  return {
    format: "paramscope.models",
    version: 1,
    model: { name: "base", hash: "one" },
    modelB: { name: "tuned", hash: isSame ? "one" : "other" },
    run: { seconds: 1.5, notes: [] },
    target: "max-logit",
    samples: samples.map(({ answers: [a] = ["x", "x"], source, offset = 0 }, i) => ({
      source: source ?? `${i}.txt`,
      offset,
      targetToken: answer(a),
      nextTokens: [answer(a)],
    })),
    predictions,
    kl: {
      mean: kls.reduce((total, kl) => total + kl, 0) / kls.length,
      interval: figures.klInterval === undefined ? (kls.length > 1 ? [0.05, 0.2] : null) : figures.klInterval,
    },
    agreement: {
      count: predictions.filter(({ agrees }) => agrees).length,
      of: predictions.length,
      interval: figures.agreementInterval ?? [0.2, 1],
    },
    layers: matrices.map((modules, layer) => {
      const own = modules.map(filled);
      const mean = (of: (matrix: Required<MatrixFigures>) => number): number =>
        own.reduce((total, matrix) => total + of(matrix), 0) / own.length;
      return {
        layer,
        similarity: mean(({ similarity }) => similarity),
        overlap: 0.5,
        relative: own.every(({ relative }) => relative === null) ? null : mean(({ relative }) => relative ?? 0),
        parameters: 100 * own.length,
        changed: own.length * mean(({ changed }) => changed),
        zeroed: own.length * mean(({ zeroed }) => zeroed),
        usage: figures.usage === undefined ? 1 : figures.usage,
        modules: own.map((matrix, m) => ({
          name: `self_attn.${"qkvo"[m]}_proj`,
          parameters: 100,
          overlap: 0.5,
          a: 1,
          b: 1,
          ...matrix,
        })),
      };
    }),
    change,
    others: Object.entries(others).map(([name, relative]) => ({
      name,
      relative,
      changeNorm: relative ?? 1,
      layers: null,
    })),
    relation: figures.relation ?? null,
  } as unknown as ModelsDocument;
}

function filled({
  relative = 0.1,
  effect = 1,
  usage = 1,
  similarity = 0.9,
  changed = relative === 0 ? 0 : 50,
  zeroed = 0,
}: MatrixFigures): Required<MatrixFigures> {
  return { relative, effect, usage, similarity, changed, zeroed };
}
