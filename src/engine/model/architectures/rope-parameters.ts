import type { ConfigReader } from "./config-reader";

/** Under which keys beside its settings a configuration says what a rope turns by, and what holds where it does not. */
export interface RopeKeys {
  readonly theta: RopeKey;
  /** Share of a head that is turned. */
  readonly share: RopeKey;
}

interface RopeKey {
  /** undefined: none, what holds is the fallback. */
  readonly key?: string;
  readonly fallback?: number;
}

type Settings = Readonly<Record<string, unknown>>;

/** Rope types that go by the context that a model was trained with; Phi-3 says su for longrope. */
const trainedTypes: readonly unknown[] = ["llama3", "yarn", "longrope", "su"];
const longTypes: readonly unknown[] = ["longrope", "su"];

/**
 * One rope's settings in today's keys (`rope_type`, `rope_theta`, `partial_rotary_factor`, `original_max_position_embeddings`, and those of
 * the type), in whatever keys the configuration has them. Which of two counts is as in transformers, `modeling_rope_utils.py`
 * (`convert_rope_params_to_dict`, `standardize_rope_params`):
 *
 * - `rope_scaling`, unless empty, goes in the place of `rope_parameters`: they are not merged;
 * - in the settings `rope_type` goes before `type`;
 * - theta and share in the settings go before those outside;
 * - `original_max_position_embeddings` outside goes before that in the settings; `max_position_embeddings` stands in for both.
 *
 * A key that is null counts as there.
 *
 * @throws ParamscopeError where settings are no object, or are of some layers only.
 */
export function ropeParameters(config: ConfigReader, { theta, share }: RopeKeys): ConfigReader {
  const parameters = config.object("rope_parameters");
  const { rope_scaling: scaling, original_max_position_embeddings: outside } = config.values;
  const settings: Settings = (isFalse(scaling) ? parameters : config.object("rope_scaling"))?.values ?? {};
  if ("full_attention" in settings || "sliding_attention" in settings)
    config.unsupported("rope settings of single kinds of layers");
  const common = standardized(config, {
    [ropeKeys.theta]: outer(config, theta),
    [ropeKeys.share]: outer(config, share),
    ...settings,
  });
  if (outside === undefined || !trainedTypes.includes(common.rope_type)) return config.inside(common);
  // it takes the other's place only after both have been looked at
  if (!longTypes.includes(common.rope_type)) config.inside(common).size("original_max_position_embeddings");
  return config.inside({ ...common, original_max_position_embeddings: outside });
}

/**
 * The settings of the two ropes of Gemma 3 and OLMo 3, as `ropeParameters` has one's. Their own rules (`configuration_gemma3.py`,
 * `configuration_olmo3.py`, `convert_rope_params_to_dict`): `rope_scaling` is merged into the settings of full layers, whose `rope_type` goes before its `type`; settings
 * beside those of the two kinds do not count, but for `truncate`, which counts for both; nor does `original_max_position_embeddings` outside.
 *
 * @throws ParamscopeError where settings are no object, or `rope_scaling` has none to be merged into.
 */
export function ropeParametersByKind(
  config: ConfigReader,
  theta: { readonly full: RopeKey; readonly sliding: RopeKey },
): { readonly full: ConfigReader; readonly sliding: ConfigReader } {
  const whole = config.object("rope_parameters");
  const given = whole ?? config.inside({ full_attention: { rope_type: "default" } });
  const scaling = config.object("rope_scaling");
  const full = given.object("full_attention");
  if (scaling !== undefined && full === undefined)
    config.fail("has rope_scaling beside rope_parameters without full_attention");
  const of = (settings: Settings, own: RopeKey): ConfigReader =>
    config.inside({
      ...standardized(config, {
        [ropeKeys.theta]: outer(config, own),
        [ropeKeys.share]: outer(config, { key: ropeKeys.share }),
        ...settings,
      }),
      truncate: given.values.truncate,
    });
  return {
    full: of({ ...full?.values, ...scaling?.values }, theta.full),
    sliding: of(given.object("sliding_attention")?.values ?? {}, theta.sliding),
  };
}

const ropeKeys = { theta: "rope_theta", share: "partial_rotary_factor" } as const;

/** A type and, where it goes by it, the context trained with. */
function standardized(config: ConfigReader, settings: Settings): Settings {
  const type =
    settings.rope_type === undefined ? (settings.type === undefined ? "default" : settings.type) : settings.rope_type;
  const context = trainedTypes.includes(type) ? config.values.max_position_embeddings : undefined;
  return { original_max_position_embeddings: context, ...settings, rope_type: type };
}

function outer(config: ConfigReader, { key, fallback }: RopeKey): unknown {
  const value = key === undefined ? undefined : config.values[key];
  return value === undefined || (value === null && fallback === undefined) ? fallback : value;
}

/** Whether a value of JSON is false as Python tests it: null, 0, false, and what is empty. */
export function isFalse(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return !value;
}
