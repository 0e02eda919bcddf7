import type { Domain } from "../api";
import type { DomainsDocument } from "../document/document";
import { neuronsModule, type Model } from "../model/model";
import { elementAt, zip } from "../numbers/elements";
import { activeAbove, thresholdOf } from "../sweep/reducers/histogram";
import type { StatisticsReducer } from "../sweep/reducers/statistics";
import type { DomainActivation, DomainLayer } from "./domain-layer";
import { everyTwo } from "./plan-domains";
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
  const last = matrices.find(({ module }) => module.name === neuronsModule(model).name);
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

/** The neurons that tell every two domains apart best. */
export function neuronsOf(
  activations: readonly (readonly DomainActivation[])[],
  chosen: readonly Domain[],
): NonNullable<DomainsDocument["neurons"]> {
  const domains = zip(chosen, activations).map(([{ name }, layers]) => ({
    name,
    neurons: layers.map((layer) => Float64Array.from(layer.neurons)),
  }));
  return everyTwo(domains.length).map((pair) => {
    const [a, b] = [elementAt(domains, pair[0]), elementAt(domains, pair[1])];
    return { a: a.name, b: b.name, neurons: separatingNeurons(a.neurons, b.neurons) };
  });
}
