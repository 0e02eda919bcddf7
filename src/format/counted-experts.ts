import type { FrequencyDocument } from "../engine/document/document";
import { passedLayers } from "./experts";
import { agreementAmong, shareIn } from "./frequency";

/* The experts of a mixture in several samples: what terminal and page say of them alike. */

/** An expert, and how often its weights are among the strongest. */
export interface CountedExpert {
  readonly layer: number;
  readonly expert: number;
  /** How many samples have a token that is routed to it, and what share of all that is. */
  readonly samples: number;
  readonly share: number;
  readonly counts: readonly number[];
  /** The share of its weights that are among the strongest in every sample that reaches it; null where none does. */
  readonly always: number | null;
  /** How far the samples that reach it agree on which those are, an intraclass correlation; null where that is not known. */
  readonly correlation: number | null;
}

type Layers = Pick<FrequencyDocument, "layers" | "samples">;

/** Whether any layer has experts, of which it is known how often their weights are among the strongest. */
export function hasExperts({ layers }: Layers): boolean {
  return layers.some(({ routing }) => routing !== undefined);
}

/** The experts of every layer that has some, in the order of the document. */
export function countedExperts({ layers, samples: all }: Layers): CountedExpert[] {
  return layers.flatMap(({ layer, routing }) =>
    (routing?.experts ?? []).map(({ samples, counts, icc }, expert) => ({
      layer,
      expert,
      samples,
      share: all > 0 ? samples / all : 0,
      counts,
      always: samples > 0 ? shareIn({ layer, counts }, { from: samples, to: samples }) : null,
      correlation: icc,
    })),
  );
}

/** How many experts every sample reaches, and how many none; and at how many those that reach them agree. Nothing of a model without experts. */
export function countedExpertsSentences({ layers, samples }: Layers): string[] {
  const { passed, but } = passedLayers(layers);
  const all = countedExperts({ layers: [...passed], samples });
  if (all.length === 0) return [];
  const those = (wanted: number): number => all.filter((expert) => expert.samples === wanted).length;
  const agreement = agreementAmong(
    all.map(({ layer, expert, correlation }) => ({ place: `expert ${expert} of layer ${layer}`, correlation })),
    {
      subject: "Samples that reach the same expert agree on its strongest weights",
      among: (agreeing, known) =>
        `At ${agreeing} of ${known} experts the samples that reach them agree on their strongest weights`,
      every: "every expert",
    },
  );
  return [
    `Every sample reaches ${those(samples)} of ${all.length} experts, none reaches ${those(0)}${but}.`,
    ...(agreement === undefined ? [] : [agreement]),
  ];
}
