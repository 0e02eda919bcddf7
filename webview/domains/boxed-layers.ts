import type { DomainsDocument } from "../../src/engine/document/document";
import { type DomainsLayer, domainsLayers, type Likeness } from "../../src/format/domains";
import { type Box, boxOf } from "../shared/box";

/** A layer with its likeness within and across domains as boxes. */
export interface BoxedLayer extends DomainsLayer {
  readonly boxes: { readonly within: Box; readonly across: Box };
}

/** Many texts have many thousand similarities: they are sorted once, not with every draw. */
const known = new WeakMap<DomainsDocument, Map<Likeness, BoxedLayer[]>>();

/** The layers with their boxes. */
export function boxedLayers(document: DomainsDocument, likeness: Likeness): BoxedLayer[] {
  const ofDocument = known.get(document) ?? new Map<Likeness, BoxedLayer[]>();
  known.set(document, ofDocument);
  const found = ofDocument.get(likeness);
  if (found) return found;
  const made = domainsLayers(document, likeness).map((layer) => ({
    ...layer,
    boxes: { within: boxOf(layer.within), across: boxOf(layer.across) },
  }));
  ofDocument.set(likeness, made);
  return made;
}
