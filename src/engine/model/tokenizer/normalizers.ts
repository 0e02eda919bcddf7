import { ParamscopeError } from "../../errors";
import { quoteValue } from "../formats/quote";
import type { AlignedText } from "./aligned-text";
import { compilePattern, matches, replacements, type Pattern } from "./patterns";

/** A step of tokenizer.json's `normalizer`, that keeps the offsets into the original text. */
export type Normalizer = (text: AlignedText) => AlignedText;

type Config = Readonly<Record<string, unknown>>;

const WHITE_SPACE_START = /^\p{White_Space}+/u;
const WHITE_SPACE_END = /\p{White_Space}+$/u;

/** @throws ParamscopeError naming a normalizer that is not supported. */
export function createNormalizer(config: Config | null | undefined): Normalizer | undefined {
  if (!config) return undefined;
  switch (config.type) {
    case "Sequence": {
      const steps = (config.normalizers as Config[]).map(createNormalizer).filter((step) => step !== undefined);
      return (text) => steps.reduce((current, step) => step(current), text);
    }
    case "Prepend": {
      const prefix = String(config.prepend);
      // tokenizers prepends nothing to nothing.
      return (text) => (text.length > 0 ? text.prepend(prefix) : text);
    }
    case "Replace": {
      const pattern = compilePattern(config.pattern as Pattern);
      const content = String(config.content);
      return (text) => text.edit(replacements(text.text, pattern, content));
    }
    case "NFC":
    case "NFD":
    case "NFKC":
    case "NFKD": {
      const form = config.type;
      return (text) => normalizeForm(text, form);
    }
    case "Lowercase":
      return lowercase;
    case "StripAccents":
      return (text) => text.edit(replacements(text.text, /\p{Mn}|\p{Me}|\p{Mc}/gu, ""));
    case "Strip":
      return (text) => {
        const from = config.strip_left ? (WHITE_SPACE_START.exec(text.text)?.[0].length ?? 0) : 0;
        const end = config.strip_right ? (WHITE_SPACE_END.exec(text.text)?.index ?? text.length) : text.length;
        return text.slice(from, Math.max(from, end));
      };
    default:
      throw new ParamscopeError(
        `The tokenizer's normalizer ${quoteValue(config.type)} is not supported.`,
        "Use another model.",
      );
  }
}

/**
 * A run that normalization cannot look beyond: a character with the combining marks after it, or a run of Hangul jamo.
 * Composition also joins a few pairs of starters outside these; `normalizeForm` notices.
 */
const CLUSTER = /[\u1100-\u11FF\uA960-\uA97F\uD7B0-\uD7FF\uAC00-\uD7AF]+\p{M}*|[^]\p{M}*/gu;

function normalizeForm(text: AlignedText, form: "NFC" | "NFD" | "NFKC" | "NFKD"): AlignedText {
  const whole = text.text.normalize(form);
  if (whole === text.text) return text;
  const edits: { from: number; to: number; text: string }[] = [];
  for (const { from, to } of matches(text.text, CLUSTER)) {
    const before = text.text.slice(from, to);
    const after = before.normalize(form);
    if (after !== before) edits.push({ from, to, text: after });
  }
  const edited = text.edit(edits);
  return edited.text === whole ? edited : text.edit([{ from: 0, to: text.length, text: whole }]);
}

/** Character by character, as tokenizers does: a final sigma stays σ. */
function lowercase(text: AlignedText): AlignedText {
  const edits: { from: number; to: number; text: string }[] = [];
  let from = 0;
  for (const character of text.text) {
    const lower = character.toLowerCase();
    if (lower !== character) edits.push({ from, to: from + character.length, text: lower });
    from += character.length;
  }
  return text.edit(edits);
}
