import { ParamscopeError } from "../../errors";
import { quoteValue } from "../formats/quote";
import type { AlignedText } from "./aligned-text";
import { compilePattern, replacements, split, type Pattern, type SplitBehavior } from "./patterns";

/** A step of tokenizer.json's `pre_tokenizer`: cuts a text into the pieces that the model tokenizes one by one. */
export type PreTokenizer = (text: AlignedText) => AlignedText[];

export interface PreTokenization {
  readonly cut: PreTokenizer | undefined;
  /** The model works on the UTF-8 bytes of the pieces. */
  readonly byteLevel: boolean;
}

type Config = Readonly<Record<string, unknown>>;

/** GPT-2's pattern, as tokenizers' ByteLevel has it: `\s` there is Unicode's White_Space. */
const GPT2_PATTERN =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;
const WORD = "[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\u200C\\u200D]";
const WHITESPACE_PATTERN = new RegExp(`${WORD}+|(?:(?!${WORD})\\P{White_Space})+`, "gu");
const PUNCTUATION = /[\p{P}!-/:-@[-`{-~]/gu;
const BEHAVIORS: readonly SplitBehavior[] = [
  "Removed",
  "Isolated",
  "MergedWithPrevious",
  "MergedWithNext",
  "Contiguous",
];

/** @throws ParamscopeError naming a pre-tokenizer that is not supported. */
export function createPreTokenization(config: Config | null | undefined): PreTokenization {
  const steps = flatten(config);
  const byteLevel = steps.at(-1)?.type === "ByteLevel";
  if (steps.slice(0, -1).some((step) => step.type === "ByteLevel")) {
    throw new ParamscopeError(
      "The tokenizer's pre-tokenizer ByteLevel is not the last one, which is not supported.",
      "Use another model.",
    );
  }
  const [first, ...others] = steps.map(createPreTokenizer);
  if (first === undefined) return { cut: undefined, byteLevel };
  return { cut: (text) => others.reduce((pieces, cut) => pieces.flatMap(cut), first(text)), byteLevel };
}

function flatten(config: Config | null | undefined): Config[] {
  if (!config) return [];
  return config.type === "Sequence" ? (config.pretokenizers as Config[]).flatMap(flatten) : [config];
}

function createPreTokenizer(config: Config): PreTokenizer {
  switch (config.type) {
    case "ByteLevel": {
      const prefixSpace = config.add_prefix_space === true;
      const useRegex = config.use_regex !== false;
      return (text) => {
        const whole = prefixSpace && text.length > 0 && !text.text.startsWith(" ") ? text.prepend(" ") : text;
        return useRegex ? cutAt(whole, GPT2_PATTERN, "Isolated", false) : nonEmpty(whole);
      };
    }
    case "Split": {
      const pattern = compilePattern(config.pattern as Pattern);
      const behavior = behaviorOf(config.behavior);
      const invert = config.invert === true;
      return (text) => cutAt(text, pattern, behavior, invert);
    }
    case "Digits": {
      const behavior = config.individual_digits === true ? "Isolated" : "Contiguous";
      return (text) => cutAt(text, /\p{N}/gu, behavior, false);
    }
    case "Punctuation": {
      const behavior = behaviorOf(config.behavior ?? "Isolated");
      return (text) => cutAt(text, PUNCTUATION, behavior, false);
    }
    case "Whitespace":
      return (text) => cutAt(text, WHITESPACE_PATTERN, "Removed", true);
    case "WhitespaceSplit":
      return (text) => cutAt(text, /\p{White_Space}/gu, "Removed", false);
    case "Metaspace":
      return createMetaspace(config);
    default:
      throw new ParamscopeError(
        `The tokenizer's pre-tokenizer ${quoteValue(config.type)} is not supported.`,
        "Use another model.",
      );
  }
}

function createMetaspace(config: Config): PreTokenizer {
  const replacement = typeof config.replacement === "string" ? config.replacement : "▁";
  const scheme = config.prepend_scheme ?? (config.add_prefix_space === false ? "never" : "always");
  const pattern = compilePattern({ String: replacement });
  return (text) => {
    let whole = text.edit(replacements(text.text, / /gu, replacement));
    const prepends = scheme === "always" || (scheme === "first" && text.startOf(0) === 0);
    if (prepends && whole.length > 0 && !whole.text.startsWith(replacement)) whole = whole.prepend(replacement);
    return config.split === false ? nonEmpty(whole) : cutAt(whole, pattern, "MergedWithNext", false);
  };
}

function cutAt(text: AlignedText, pattern: RegExp, behavior: SplitBehavior, invert: boolean): AlignedText[] {
  return split(text.text, pattern, behavior, invert).map(({ from, to }) => text.slice(from, to));
}

function nonEmpty(text: AlignedText): AlignedText[] {
  return text.length > 0 ? [text] : [];
}

function behaviorOf(value: unknown): SplitBehavior {
  const behavior = BEHAVIORS.find((known) => known.toLowerCase() === String(value).toLowerCase());
  if (!behavior) {
    throw new ParamscopeError(
      `The tokenizer splits with the unknown behavior ${quoteValue(value)}.`,
      "Use another model.",
    );
  }
  return behavior;
}
