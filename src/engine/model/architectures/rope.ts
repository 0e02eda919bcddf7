import { quoteJson } from "../formats/quote";
import type { ConfigReader } from "./config-reader";
import { isFalse, ropeParameters, type RopeKeys } from "./rope-parameters";

/**
 * Rotary position embedding: pair i of a head is turned by `position · frequencies[i]`; cosines and sines are scaled by
 * `scale` (yarn). `rotated` of a head's values are turned, the rest pass.
 */
export interface Rope {
  readonly rotated: number;
  /** Pairs are the values 2i and 2i + 1 instead of i and i + rotated / 2. */
  readonly interleaved?: boolean;
  readonly frequencies: Float32Array;
  /** Positions have no end: the longer a text, the slower they turn. */
  readonly isEndless?: boolean;
  /** Those of a text of so many ids, where frequencies go by the text's length; `frequencies` are those of a short one then. */
  readonly frequenciesAt?: (length: number) => Float32Array;
  readonly scale: number;
}

interface RopeSettings {
  readonly headSize: number;
  /** The architecture can turn a part of each head. */
  readonly partial?: boolean;
  /** The architecture turns no odd number of values, and does not round it up. */
  readonly even?: boolean;
  /** The architecture's pairs lie beside each other. */
  readonly interleaved?: boolean;
  /** The architecture has ropes that go through whole heads and turn a share of their pairs. */
  readonly proportional?: boolean;
}

/** The keys of all architectures that do not say otherwise. */
export const commonRopeKeys = {
  theta: { key: "rope_theta", fallback: 10000 },
  share: { key: "partial_rotary_factor" },
};

/** The rope of an architecture that has one, in the common keys. `ropeFrom` says what it throws. */
export function ropeOf(config: ConfigReader, settings: RopeSettings, keys: RopeKeys = commonRopeKeys): Rope {
  return ropeFrom(ropeParameters(config, keys), config, settings);
}

/**
 * The rope that settings in the keys of `ropeParameters` describe. Formulas, and what must be there: transformers, `modeling_rope_utils.py`.
 *
 * @throws ParamscopeError where settings lack what their type needs, or are of a type or of values that are not supported.
 */
export function ropeFrom(own: ConfigReader, config: ConfigReader, settings: RopeSettings): Rope {
  const rope = turning(own, config, settings);
  return settings.interleaved ? { ...rope, interleaved: true } : rope;
}

function turning(own: ConfigReader, config: ConfigReader, settings: RopeSettings): Rope {
  const { headSize, partial = false, even = false } = settings;
  const type = own.string("rope_type");
  const theta = own.positive("rope_theta");
  if (type === "proportional" && settings.proportional) return proportional(own, headSize, theta);
  const share = partial ? own.number("partial_rotary_factor") : wholeShare(own, type);
  const turned = Math.trunc(headSize * share);
  // an odd number is rounded up to pairs, and frequencies go by the number itself
  const rotated = 2 * Math.ceil(turned / 2);
  if (rotated < 2 || rotated > headSize || (even && rotated !== turned))
    config.fail(`turns ${even ? turned : rotated} of ${headSize} values of a head`);
  const turningBy = (base: number): Float32Array =>
    Float32Array.from({ length: rotated / 2 }, (_, i) => 1 / base ** ((2 * i) / turned));
  const plain = turningBy(theta);

  switch (type) {
    case "default":
      return { rotated, frequencies: plain, scale: 1 };
    case "linear": {
      const factor = own.positive("factor");
      return { rotated, frequencies: plain.map((f) => f / factor), scale: 1 };
    }
    case "llama3":
      return { rotated, frequencies: llama3(own, plain), scale: 1 };
    case "yarn":
      return { rotated, ...yarn(own, config, turned, theta) };
    case "dynamic": {
      if (turned === 2) config.fail("turns 2 values of a head by the text's length");
      const factor = own.positive("factor");
      const trained = config.size("max_position_embeddings");
      const baseAt = (length: number): number =>
        theta * ((factor * length) / trained - (factor - 1)) ** (turned / (turned - 2));
      const frequenciesAt = (length: number): Float32Array => (length > trained ? turningBy(baseAt(length)) : plain);
      return { rotated, frequencies: plain, frequenciesAt, isEndless: true, scale: 1 };
    }
    case "longrope":
      return { rotated, ...longrope(own, config, plain) };
    default:
      return config.unsupported(`rope scaling '${type}'`);
  }
}

/** The rotated share of a head in architectures that turn all of it: 1. Without scaling transformers does not read it, and null passes. */
function wholeShare(own: ConfigReader, type: string): number {
  const key = "partial_rotary_factor";
  const share = type === "default" ? (own.optionalNumber(key) ?? 1) : own.number(key, 1);
  return share === 1 ? 1 : own.unsupported("rotary positions on a part of each head");
}

/** The first pairs of the share turn as all of the head would; the others stay. */
function proportional(own: ConfigReader, headSize: number, theta: number): Rope {
  const turned = Math.floor((own.number("partial_rotary_factor", 1) * headSize) / 2);
  const factor = own.positive("factor", 1);
  if (headSize % 2 !== 0 || turned < 0 || turned > headSize / 2)
    own.fail(`turns ${turned} pairs of ${headSize} values of a head`);
  const frequencies = Float32Array.from({ length: headSize / 2 }, (_, i) =>
    i < turned ? 1 / theta ** ((2 * i) / headSize) / factor : 0,
  );
  return { rotated: headSize, frequencies, scale: 1 };
}

function llama3(own: ConfigReader, plain: Float32Array): Float32Array {
  const factor = own.positive("factor");
  const low = own.positive("low_freq_factor");
  const high = own.positive("high_freq_factor");
  const trained = own.size("original_max_position_embeddings");
  return plain.map((frequency) => {
    const wavelength = (2 * Math.PI) / frequency;
    if (wavelength < trained / high) return frequency;
    if (wavelength > trained / low) return frequency / factor;
    const smooth = (trained / wavelength - low) / (high - low);
    return ((1 - smooth) * frequency) / factor + smooth * frequency;
  });
}

function yarn(
  own: ConfigReader,
  config: ConfigReader,
  turned: number,
  theta: number,
): { frequencies: Float32Array; scale: number } {
  const trained = own.size("original_max_position_embeddings");
  // a factor must be there, and is inferred where it is null
  const factor = own.values.factor === null ? config.size("max_position_embeddings") / trained : own.positive("factor");
  const dimensionOf = (rotations: number): number =>
    (turned * Math.log(trained / (rotations * 2 * Math.PI))) / (2 * Math.log(theta));
  let low = dimensionOf(orElse(own, "beta_fast", 32));
  let high = dimensionOf(orElse(own, "beta_slow", 1));
  const { truncate = true } = own.values;
  if (!isFalse(truncate)) [low, high] = [Math.floor(low), Math.ceil(high)];
  low = Math.max(low, 0);
  high = Math.min(high, turned - 1);
  if (low === high) high += 0.001;
  // transformers has a ramp of one value less where the number is odd: only a single one goes with them all
  if (turned % 2 !== 0 && turned > 3) config.fail(`turns ${turned} values of a head, and scales them by pairs`);
  const frequencies = Float32Array.from({ length: Math.ceil(turned / 2) }, (_, i) => {
    const extrapolated = 1 / theta ** ((2 * i) / turned);
    const ramp = Math.min(1, Math.max(0, ((turned === 3 ? 0 : i) - low) / (high - low)));
    return (extrapolated / factor) * ramp + extrapolated * (1 - ramp);
  });

  const magnitude = (scale: number): number => (factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1);
  const weight = own.optionalNumber("mscale");
  const weightAll = own.optionalNumber("mscale_all_dim");
  const inferred = weight && weightAll ? magnitude(weight) / magnitude(weightAll) : magnitude(1);
  return { frequencies, scale: own.optionalNumber("attention_factor") ?? inferred };
}

/** Two sets of divisors: of texts up to the length that the model was trained with, and of longer ones. */
function longrope(own: ConfigReader, config: ConfigReader, plain: Float32Array): Omit<Rope, "rotated"> {
  const trained = own.size("original_max_position_embeddings");
  const factor = own.optionalNumber("factor") ?? config.size("max_position_embeddings") / trained;
  const inferred = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(trained));
  const dividedBy = (key: string): Float32Array => {
    const divisors = own.values[key];
    if (!Array.isArray(divisors) || divisors.length !== plain.length)
      config.fail(`says ${key} without one number for each of the ${plain.length} pairs that are turned`);
    return plain.map((frequency, i) => {
      const divisor: unknown = divisors[i];
      if (typeof divisor !== "number" || !(divisor > 0)) config.fail(`says ${key} with ${quoteJson(divisor)} in it`);
      return frequency / divisor;
    });
  };
  const [short, long] = [dividedBy("short_factor"), dividedBy("long_factor")];
  const differ = short.some((frequency, i) => frequency !== long[i]);
  return {
    frequencies: short,
    ...(differ && { frequenciesAt: (length: number) => (length > trained ? long : short) }),
    scale: own.optionalNumber("attention_factor") ?? inferred,
  };
}

/** transformers' `settings.get(key) or fallback`: 0 and null are none. */
function orElse(own: ConfigReader, key: string, fallback: number): number {
  return isFalse(own.values[key]) ? fallback : own.positive(key);
}

/** Cosines and sines, `[table, rotated / 2]` each, and where in the table the positions of each text begin. */
export interface RopeTables {
  readonly cosines: Float32Array;
  readonly sines: Float32Array;
  /** Rows of the table. */
  readonly rows: number;
  readonly begins: readonly number[];
}

/**
 * The tables of texts of these lengths in ids, for `positions` positions each: one, or one behind another where texts differ in their
 * frequencies. A rope that turns nothing is 1 and 0.
 */
export function ropeTables(rope: Rope, lengths: readonly number[], positions: number, turns: boolean): RopeTables {
  const { frequenciesAt } = rope;
  const distinct = [rope.frequencies];
  let begins = lengths.map(() => 0);
  if (frequenciesAt !== undefined && turns) {
    const ofLength = new Map(lengths.map((length) => [length, frequenciesAt(length)]));
    distinct.splice(0, 1, ...new Set(ofLength.values()));
    begins = lengths.map((length) => positions * distinct.findIndex((one) => one === ofLength.get(length)));
  }
  const pairs = rope.rotated / 2;
  const rows = distinct.length * positions;
  const cosines = new Float32Array(rows * pairs).fill(1);
  const sines = new Float32Array(rows * pairs);
  if (turns) {
    let at = 0;
    for (const frequencies of distinct)
      for (let position = 0; position < positions; position++)
        for (let i = 0; i < pairs; i++, at++) {
          const angle = Math.fround(position * frequencies[i]!);
          cosines[at] = Math.cos(angle) * rope.scale;
          sines[at] = Math.sin(angle) * rope.scale;
        }
  }
  return { cosines, sines, rows, begins };
}
