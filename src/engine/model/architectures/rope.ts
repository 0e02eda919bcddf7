import type { ConfigReader } from "./config-reader";

/**
 * Rotary position embedding: pair i of a head is turned by `position · frequencies[i]`; cosines and sines are scaled by
 * `scale` (yarn). `rotated` of a head's values are turned, the rest pass.
 */
export interface Rope {
  readonly rotated: number;
  readonly frequencies: Float32Array;
  readonly scale: number;
  /** Divisors of the frequencies that stand in the checkpoint (GGUF's llama3 scaling), by tensor name. */
  readonly divisors?: string;
}

interface RopeSettings {
  readonly headSize: number;
  /** The model's context, where the settings do not carry the one that it was trained with. */
  readonly context: number;
  readonly theta?: number;
  /** Share of a head that is turned, where the settings do not say; undefined: the architecture always turns all of it. */
  readonly partial?: number;
}

/**
 * The rope that a configuration describes, in the newer keys (`rope_parameters`) or the older (`rope_theta`,
 * `rope_scaling`). Formulas: transformers, `modeling_rope_utils.py`. `kind` picks a layer type of nested settings.
 */
export function ropeOf(config: ConfigReader, settings: RopeSettings, kind?: string): Rope {
  const given = config.object("rope_parameters") ?? config.object("rope_scaling");
  const own = (kind !== undefined ? given?.object(kind) : undefined) ?? given;
  const type = own?.string("rope_type", own.string("type", "default")) ?? "default";
  const theta =
    own?.number("rope_theta", config.number("rope_theta", settings.theta ?? 10000)) ??
    config.number("rope_theta", settings.theta ?? 10000);
  const share =
    own?.number("partial_rotary_factor", config.number("partial_rotary_factor", settings.partial ?? 1)) ??
    config.number("partial_rotary_factor", settings.partial ?? 1);
  if (settings.partial === undefined && share !== 1) config.unsupported("rotary positions on a part of each head");
  const rotated = Math.trunc(settings.headSize * share);
  if (rotated < 2 || rotated > settings.headSize || rotated % 2 !== 0)
    config.fail(`turns ${rotated} of ${settings.headSize} values of a head`);
  const plain = Float32Array.from({ length: rotated / 2 }, (_, i) => 1 / theta ** ((2 * i) / rotated));
  const trained =
    own?.size("original_max_position_embeddings", config.size("original_max_position_embeddings", settings.context)) ??
    settings.context;

  switch (own === undefined ? "default" : type) {
    case "default":
      return { rotated, frequencies: plain, scale: 1 };
    case "linear": {
      const factor = positive(own, "factor");
      return { rotated, frequencies: plain.map((f) => f / factor), scale: 1 };
    }
    case "llama3":
      return { rotated, frequencies: llama3(own, plain, trained), scale: 1 };
    case "llama3-factors":
      return { rotated, frequencies: plain, scale: 1, divisors: "rope_freqs.weight" };
    case "yarn":
      return { rotated, ...yarn(own, rotated, theta, trained) };
    default:
      return config.unsupported(`rope scaling '${type}'`);
  }
}

function positive(settings: ConfigReader | undefined, key: string, fallback?: number): number {
  const value = settings?.number(key, fallback) ?? fallback ?? 1;
  if (value <= 0) settings?.fail(`says ${key} ${value}`);
  return value;
}

function llama3(own: ConfigReader | undefined, plain: Float32Array, trained: number): Float32Array {
  const factor = positive(own, "factor");
  const low = positive(own, "low_freq_factor", 1);
  const high = positive(own, "high_freq_factor", 4);
  return plain.map((frequency) => {
    const wavelength = (2 * Math.PI) / frequency;
    if (wavelength < trained / high) return frequency;
    if (wavelength > trained / low) return frequency / factor;
    const smooth = (trained / wavelength - low) / (high - low);
    return ((1 - smooth) * frequency) / factor + smooth * frequency;
  });
}

function yarn(
  own: ConfigReader | undefined,
  rotated: number,
  theta: number,
  trained: number,
): { frequencies: Float32Array; scale: number } {
  const factor = positive(own, "factor");
  const dimensionOf = (rotations: number): number =>
    (rotated * Math.log(trained / (rotations * 2 * Math.PI))) / (2 * Math.log(theta));
  const truncate = own?.flag("truncate", true) ?? true;
  let low = dimensionOf(positive(own, "beta_fast", 32));
  let high = dimensionOf(positive(own, "beta_slow", 1));
  if (truncate) [low, high] = [Math.floor(low), Math.ceil(high)];
  low = Math.max(low, 0);
  high = Math.min(high, rotated - 1);
  if (low === high) high += 0.001;
  const frequencies = Float32Array.from({ length: rotated / 2 }, (_, i) => {
    const extrapolated = 1 / theta ** ((2 * i) / rotated);
    const ramp = Math.min(1, Math.max(0, (i - low) / (high - low)));
    return (extrapolated / factor) * ramp + extrapolated * (1 - ramp);
  });

  const magnitude = (scale: number): number => (factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1);
  const weight = own?.number("mscale", 0) ?? 0;
  const weightAll = own?.number("mscale_all_dim", 0) ?? 0;
  const inferred = weight && weightAll ? magnitude(weight) / magnitude(weightAll) : magnitude(1);
  return { frequencies, scale: own?.number("attention_factor", inferred) ?? inferred };
}

/** Cosines and sines of `positions` positions, each `[positions, rotated / 2]`; a rope that turns nothing is 1 and 0. */
export function ropeTables(
  rope: Rope,
  positions: number,
  turns: boolean,
): { cosines: Float32Array; sines: Float32Array } {
  const pairs = rope.rotated / 2;
  const cosines = new Float32Array(positions * pairs).fill(1);
  const sines = new Float32Array(positions * pairs);
  if (turns)
    for (let position = 0, at = 0; position < positions; position++)
      for (let i = 0; i < pairs; i++, at++) {
        const angle = Math.fround(position * rope.frequencies[i]);
        cosines[at] = Math.cos(angle) * rope.scale;
        sines[at] = Math.sin(angle) * rope.scale;
      }
  return { cosines, sines };
}
