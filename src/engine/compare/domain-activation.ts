import type { Domain } from "../api";
import type { DomainsDocument } from "../document/document";
import { neuronsAt, type Model } from "../model/model";
import { elementAt, zip } from "../numbers/elements";
import { activeAbove, thresholdOf } from "../sweep/reducers/histogram";
import type { StatisticsReducer } from "../sweep/reducers/statistics";
import type { DomainActivation, DomainLayer } from "./domain-layer";
import { everyTwo } from "../numbers/every-two";
import { neuronP } from "./neuron-test";
import { separatingNeurons } from "./separating-neurons";

/** What is kept of a domain's mean activation in one layer: enough for every threshold. */
export function activationOf(
  statistics: StatisticsReducer,
  model: Model,
  layer: number,
  set: number,
): DomainActivation {
  const matrices = [...statistics.layer(layer, 0, set).values()];
  const parts = matrices.flatMap((matrix) => matrix.parts);
  const last = matrices.find(({ module }) => module === neuronsAt(model, layer));
  return {
    parameters: parts.reduce((sum, part) => sum + part.parameters, 0),
    histograms: parts.map(({ firstBin, counts, zeros }) => ({ firstBin, counts: [...counts], zeros })),
    neurons: [...(last?.columns ?? [])],
  };
}

/** The activations per domain and layer; undefined where one is missing. */
export function perDomain(layers: readonly DomainLayer[], count: number): DomainActivation[][] | undefined {
  const domains = Array.from({ length: count }, (_, domain) =>
    layers.flatMap((layer) => layer.domains?.slice(domain, domain + 1) ?? []),
  );
  return domains.every((domain) => domain.length === layers.length) ? domains : undefined;
}

/** The density of a domain per layer, with the threshold that makes its strongest share of all parameters active. */
export function densities(layers: readonly DomainActivation[], scored: number, share: number): number[] {
  const tau = thresholdOf(
    share,
    scored,
    layers.flatMap(({ histograms }) => histograms),
  );
  return layers.map(
    ({ histograms, parameters }) =>
      histograms.reduce((sum, histogram) => sum + activeAbove(histogram, tau), 0) / parameters,
  );
}

/** The neurons that tell every two domains apart best, and how likely chance does as much where that was measured. */
export function neuronsOf(
  activations: readonly (readonly DomainActivation[])[],
  chosen: readonly Domain[],
  layers: readonly DomainLayer[],
): NonNullable<DomainsDocument["neurons"]> {
  const perLayer = layers.flatMap(({ neuronMeasures }) => (neuronMeasures ? [neuronMeasures] : []));
  const isMeasured = perLayer.length === layers.length;
  const domains = zip(chosen, activations).map(([{ name }, layers]) => ({
    name,
    neurons: layers.map((layer) => Float64Array.from(layer.neurons)),
  }));
  return everyTwo(domains.length).map((pair, couple) => {
    const [a, b] = [elementAt(domains, pair[0]), elementAt(domains, pair[1])];
    const measures = isMeasured ? perLayer.map((ofLayer) => elementAt(ofLayer, couple)) : [];
    const neurons = separatingNeurons(a.neurons, b.neurons).map((one) => {
      const p = neuronP(measures, one.layer, one.neuron);
      return p === undefined ? one : { ...one, p };
    });
    return { a: a.name, b: b.name, neurons };
  });
}

/** The neurons of one layer that may be named of every two domains. */
export function namedInLayer(domains: readonly DomainActivation[]): number[][] {
  const neurons = domains.map((domain) => Float64Array.from(domain.neurons));
  return everyTwo(domains.length).map(([a, b]) =>
    separatingNeurons([elementAt(neurons, a)], [elementAt(neurons, b)]).map(({ neuron }) => neuron),
  );
}
