import type { LayerFigures } from "../api";
import type { ModelsDocument, ModelsLayer } from "../document/document";
import { modulesAt, type Model } from "../model/model";
import { elementAt } from "../numbers/elements";
import { overlapOf } from "../numbers/overlap";
import { ProductReducer } from "../sweep/reducers/products";
import { addedOverlaps, TopSetReducer } from "../sweep/reducers/top-sets";
import { Change, ChangeReducer } from "./change";
import type { PairedReducer } from "./paired-scores";

const PAIR: [number, number] = [0, 1];

/** What is kept of two models' sweeps: how alike their activations are, and how their weights differ. */
export class TwoModelsReducers {
  readonly #model: Model;
  readonly #products: ProductReducer;
  readonly #top: TopSetReducer;
  readonly #changes = new ChangeReducer();

  /** @param share of a matrix that its top set holds. */
  constructor(model: Model, share: number) {
    this.#model = model;
    this.#products = new ProductReducer(model.definition, [PAIR]);
    this.#top = new TopSetReducer(share, [PAIR]);
  }

  get all(): readonly PairedReducer[] {
    return [this.#products, this.#top, this.#changes];
  }

  /** What is known of a layer that both have been swept. */
  figures(layer: number): LayerFigures {
    const change = this.#changeOf(layer).relative;
    return { ...this.#likeness(layer), ...(change !== null && { change }) };
  }

  layer(layer: number): ModelsLayer {
    return {
      layer,
      ...this.#likeness(layer),
      ...described(this.#changeOf(layer)),
      modules: modulesAt(this.#model, layer).map(({ name }) => {
        const { similarity, aa, bb } = this.#products.module(layer, name).total;
        return {
          name,
          similarity,
          overlap: overlapOf(elementAt(this.#top.overlaps(layer, name), 0)),
          ...described(this.#changes.module(layer, name)),
          norms: { a: Math.sqrt(aa), b: Math.sqrt(bb) },
        };
      }),
    };
  }

  /** The change of all scored matrices together. */
  get total(): ModelsDocument["change"] {
    const layers = Array.from({ length: this.#model.layers }, (_, layer) => this.#changeOf(layer));
    return described(layers.reduce((sum, change) => sum.add(change), new Change()));
  }

  #likeness(layer: number): { readonly similarity: number; readonly overlap: number } {
    const modules = modulesAt(this.#model, layer);
    return {
      similarity: this.#products.layer(layer, modules).similarity,
      overlap: overlapOf(addedOverlaps(modules.flatMap(({ name }) => this.#top.overlaps(layer, name)))),
    };
  }

  #changeOf(layer: number): Change {
    return modulesAt(this.#model, layer).reduce(
      (sum, { name }) => sum.add(this.#changes.module(layer, name)),
      new Change(),
    );
  }
}

function described(change: Change): ModelsDocument["change"] {
  const { parameters, a, b, norm, changeNorm, relative, size, changeSize, changed, zeroed, effect, usage } = change;
  return { parameters, a, b, norm, changeNorm, relative, size, changeSize, changed, zeroed, effect, usage };
}
