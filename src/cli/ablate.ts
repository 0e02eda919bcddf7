import type { Estimate, Model, RunOptions } from "../engine/api";
import type { AblatedPlace, AblationDescription, AnalysisDocument } from "../engine/document/document";
import { together } from "../engine/run/estimate";
import { headsOf } from "../engine/model/architectures/heads";
import { blockAt, neuronsAt } from "../engine/model/model";
import { elementAt } from "../engine/numbers/elements";
import type { SampleSet } from "../engine/text/sample";
import { shortNamesIn } from "../format/matrix-names";
import type { Engine } from "./engine";
import { UsageError } from "./failure";
import { follow } from "./run";
import type { Screen } from "./terminal/screen";

/**
 * The places that are named as results name them: `layer 5 k head 1`, `layer 9 neuron 211`.
 * @throws UsageError for a name of another form, or of what the model does not have.
 */
export function placesNamed(names: readonly string[], model: Model): AblatedPlace[] {
  return names.map((name) => {
    const found = /^layer (\d+) (?:neuron (\d+)|(\S+) head (\d+))$/.exec(name.trim().toLowerCase());
    if (!found)
      throw new UsageError(
        `There is no place called '${name}'`,
        "Name it as results do: --ablate 'layer 5 k head 1', or 'layer 9 neuron 211'.",
      );
    const [, layer, neuron, matrix = "", head] = found;
    const place =
      neuron === undefined
        ? headNamed(model, Number(layer), matrix, Number(head))
        : neuronNamed(model, Number(layer), Number(neuron));
    if (place) return place;
    throw new UsageError(
      `${model.name} has no ${name}`,
      "A result's list of what is unusual, and the page of a matrix, name heads and neurons.",
    );
  });
}

function neuronNamed(model: Model, layer: number, index: number): AblatedPlace | undefined {
  if (layer >= model.layers) return undefined;
  const neurons = neuronsAt(model, layer);
  return neurons && index < neurons.in ? { level: "neuron", layer, module: neurons.name, index } : undefined;
}

function headNamed(model: Model, layer: number, matrix: string, index: number): AblatedPlace | undefined {
  if (layer >= model.layers) return undefined;
  const { common, definition } = blockAt(model, layer);
  const shortName = shortNamesIn(model.blocks);
  for (const { name: module } of common.modules)
    for (const { part, head } of headsOf(definition.heads[module]))
      if (head === index && (part ?? shortName(module)).toLowerCase() === matrix)
        return { level: "head", layer, module, ...(part !== undefined && { part }), index };
  return undefined;
}

/** What the prediction of an analysis' first sample is without each of these places. */
export async function ablations(
  options: RunOptions,
  { samples }: Pick<AnalysisDocument, "samples">,
  places: readonly AblatedPlace[],
  { engine, screen, signal }: { readonly engine: Engine; readonly screen: Screen; readonly signal: AbortSignal },
): Promise<AblationDescription[]> {
  const { target, ...others } = options;
  const prediction = engine.predictionOfDescribed(elementAt(samples, 0), target);
  const made: AblationDescription[] = [];
  for (const place of places) {
    const { document } = await follow(
      engine.ablate({ ...others, ...prediction, place }),
      screen,
      signal,
      () => undefined,
    );
    made.push(document.ablation);
  }
  return made;
}

/** A run and the ablations behind it. */
export async function withAblationCosts(
  cost: Estimate,
  { target, ...options }: RunOptions,
  { samples }: SampleSet,
  places: readonly AblatedPlace[],
  engine: Engine,
): Promise<Estimate> {
  const prediction = engine.predictionOf(elementAt(samples, 0).ids, target, 0);
  let all = cost;
  for (const place of places) {
    const own = await engine.estimateAblation({ ...options, ...prediction, place });
    all = { ...together(all, own), samples: cost.samples, tokens: cost.tokens };
  }
  return all;
}
