import { blockOf, type Architecture, type RoutedExperts } from "../../model/architectures/architecture";
import type { TensorInfo } from "../../model/checkpoint";
import type { Model } from "../../model/model";

type Values = Readonly<Record<string, unknown>>;

/** What a Hugging Face folder says of its text model, as its GGUF file is to say it. */
export class HubModel {
  readonly definition: Architecture;
  /** The configuration of the text model. */
  readonly config: Values;
  /** The tensors that the model reads, by their names in the checkpoint. */
  readonly tensors: ReadonlyMap<string, TensorInfo>;

  constructor(readonly model: Model) {
    this.definition = model.definition;
    const { config, tensors } = model.checkpoint;
    this.config = objectIn(config, "text_config") ?? config;
    const inBlocks = model.blocks.flatMap(({ weights }, layer) =>
      weights.map(({ name }) => `${model.definition.blocks}.${layer}.${name}`),
    );
    const read = new Set(inBlocks);
    const { blocks } = model.definition;
    this.tensors = new Map([...tensors].filter(([name]) => read.has(name) || !name.startsWith(`${blocks}.`)));
  }

  /** That of the whole, and that of the text model in it. */
  get modelTypes(): readonly string[] {
    return [this.model.checkpoint.config, this.config].map(({ model_type: type }) => String(type));
  }

  /** A number of the configuration; undefined where it is missing or null. */
  number(key: string): number | undefined {
    const value = this.config[key];
    return typeof value === "number" ? value : undefined;
  }

  /** An object in the configuration. */
  object(key: string): Values | undefined {
    return objectIn(this.config, key);
  }

  /** How the pairs that are turned are scaled, and by what they turn, in the keys that the configuration has; of layers that see all, where two kinds differ. */
  get rope(): Values {
    const own = this.object("rope_scaling") ?? this.object("rope_parameters") ?? {};
    return objectIn(own, "full_attention") ?? own;
  }

  /** The base of the angles, of full layers or of sliding ones; undefined where the configuration does not say it. */
  theta(kind: "full" | "sliding"): number | undefined {
    const settings = this.object("rope_parameters") ?? {};
    const { rope_theta: theta } = objectIn(settings, `${kind}_attention`) ?? (kind === "full" ? this.rope : {});
    const [usual, own] = kind === "full" ? ["rope_theta", "rotary_emb_base"] : ["rope_local_base_freq", "rope_theta"];
    return typeof theta === "number" ? theta : (this.number(usual) ?? this.number(own));
  }

  /** The width of the window that layers have, where any has one. */
  get window(): number | undefined {
    return this.windows.find((window) => window !== undefined);
  }

  get windows(): readonly (number | undefined)[] {
    const { layers, layer } = this.definition;
    return Array.from({ length: layers }, (_, index) => layer(index).window);
  }

  /** The experts of the blocks that have any. */
  get experts(): RoutedExperts | undefined {
    const { definition } = this;
    for (let layer = 0; layer < definition.layers; layer++) {
      const { experts } = blockOf(definition, layer);
      if (experts !== undefined) return experts;
    }
    return undefined;
  }

  /** How many layers come before the first with experts. */
  get layersWithoutExperts(): number {
    const { definition } = this;
    let layer = 0;
    while (layer < definition.layers && blockOf(definition, layer).experts === undefined) layer++;
    return layer;
  }
}

function objectIn(values: Values, key: string): Values | undefined {
  const value = values[key];
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Values) : undefined;
}
