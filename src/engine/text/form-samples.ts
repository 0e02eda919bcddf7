import { ParamscopeError } from "../errors";
import { strip } from "../model/chat-template/characters";
import { withinTime } from "../model/tokenizer/time-limit";
import type { Encoding, Tokenizer } from "../model/tokenizer/tokenizer";
import { plural } from "../numbers/plural";
import { chooseWindows } from "./choose-windows";
import { withoutCopies } from "./copies";
import { placeToCut } from "./place-to-cut";
import { LONGEST_TEXT, MOST_CHARACTERS, type Text } from "./text";
import type { Sample, SampleSet } from "./sample";

/** How texts are cut into samples. */
export interface SampleOptions {
  /** The most ids of a sample, special tokens included. */
  readonly window: number;
  readonly maxSamples: number;
  /** The longest text that the model can read, in ids: a larger window is lowered to it. */
  readonly context: number;
  /** Cut after as many ids as there is room for, wherever that is in the text: what reference values and calibration are of. */
  readonly cutsAnywhere?: boolean;
  /** Put the model's chat template around each text; its special tokens then come from the template alone. */
  readonly chat?: boolean;
}

/**
 * The samples of texts. A text of at most `window` ids is one sample. A longer one is tokenized once
 * without special tokens and cut into pieces of at most `window − specials`, each with the special tokens around it, where a line or a sentence
 * ends, or else a word: what a model expects next in the middle of a word says little of the text. A last piece shorter than a
 * quarter window is dropped, and so are texts that say the same as others. Above `maxSamples` an evenly spaced choice is taken, at least one of each text.
 * @throws ParamscopeError when a text has no tokens or the window has no room for one.
 */
export function formSamples(given: readonly Text[], tokenizer: Tokenizer, options: SampleOptions): SampleSet {
  const copied: string[] = [];
  const texts = withoutCopies(given, copied);
  const window = Math.min(options.window, options.context);
  const cutText = options.chat ? cutChatText : cutPlainText;
  const characters = boundedLength(texts);
  const cuts = withinTime(characters, () =>
    texts.map((text) => ({ source: text.source, ...cutText(text, tokenizer, { ...options, window }) })),
  );
  const chosen = chooseWindows(
    cuts.map((cut) => cut.samples.length),
    options.maxSamples,
  );

  const samples: Sample[] = [];
  const skipped: { source: string; taken: number; of: number }[] = [];
  const dropped: { source: string; tokens: number }[] = [];
  let windowsSkipped = 0;
  for (const [index, { source, samples: all, tokensDropped }] of cuts.entries()) {
    const windows = new Set(chosen[index]);
    const taken = windows.size;
    for (const [piece, sample] of all.entries()) if (windows.has(piece)) samples.push(sample);
    windowsSkipped += all.length - taken + (tokensDropped > 0 ? 1 : 0);
    if (taken < all.length) skipped.push({ source, taken, of: all.length });
    if (tokensDropped > 0) dropped.push({ source, tokens: tokensDropped });
  }
  return {
    samples,
    ...(options.chat && { chat: true }),
    windowsSkipped,
    notes: [
      ...copied,
      ...skippedNote(skipped, options.maxSamples, samples.length),
      ...manyNote(texts.length, options.maxSamples, skipped.length > 0),
      ...droppedNote(dropped),
    ],
  };
}

/** The note on windows that were not taken: of many texts one sentence for all, as the list of them would hide everything else. */
function skippedNote(
  texts: readonly { source: string; taken: number; of: number }[],
  most: number,
  samples: number,
): string[] {
  const [first] = texts;
  if (first === undefined) return [];
  // more texts than samples: each has one
  const reason = samples > most ? "a run takes one of each of so many texts." : `a run takes at most ${most}.`;
  if (texts.length === 1) {
    const { source, taken, of } = first;
    return [`${taken} of ${of} windows of ${source} ${plural(taken, "was", "were")} taken: ${reason}`];
  }
  const [taken, of] = [sumOf(texts, (text) => text.taken), sumOf(texts, (text) => text.of)];
  return [`${taken} of ${of} windows of ${texts.length} long texts were taken: ${reason}`];
}

/** Where each of many short texts is taken wholly, nothing is left out, but there are more samples than were asked for. */
function manyNote(texts: number, most: number, isSaid: boolean): string[] {
  return texts > most && !isSaid
    ? [`All ${texts} texts were taken, more than ${most}: a run takes one sample of each text.`]
    : [];
}

function droppedNote(texts: readonly { source: string; tokens: number }[]): string[] {
  const [first] = texts;
  if (first === undefined) return [];
  const reason = "less than a quarter window.";
  const tokens = sumOf(texts, (text) => text.tokens);
  if (texts.length > 1)
    return [`The ends of ${texts.length} texts, ${tokens} tokens in all, were left out: each ${reason}`];
  return [
    `The last ${tokens} ${plural(tokens, "token", "tokens")} of ${first.source} ${plural(tokens, "was", "were")} left out: ${reason}`,
  ];
}

/** The characters of all texts. @throws ParamscopeError where they are more than a run takes. */
function boundedLength(texts: readonly Text[]): number {
  const long = texts.find(({ text }) => text.length > LONGEST_TEXT);
  if (long)
    throw new ParamscopeError(
      `${long.source} has ${long.text.length} characters, and a text may have ${LONGEST_TEXT}`,
      "Take a part of it.",
    );
  const all = sumOf(texts, ({ text }) => text.length);
  if (all > MOST_CHARACTERS)
    throw new ParamscopeError(
      `The texts have ${all} characters, and those of a run may have ${MOST_CHARACTERS}`,
      "Name fewer of them.",
    );
  return all;
}

function sumOf<T>(values: readonly T[], figure: (value: T) => number): number {
  return values.reduce((sum, value) => sum + figure(value), 0);
}

/**
 * One sample of each text, for comparisons in which a text is a sample: of a long one its first window. `cut` counts those.
 * @throws ParamscopeError as `formSamples` does.
 */
export function firstWindows(
  texts: readonly Text[],
  tokenizer: Tokenizer,
  options: Omit<SampleOptions, "maxSamples">,
): { samples: Sample[]; cut: number } {
  const sets = texts.map((text) => formSamples([text], tokenizer, { ...options, cutsAnywhere: true, maxSamples: 1 }));
  return {
    samples: sets.flatMap(({ samples }) => samples.slice(0, 1)),
    cut: sets.filter(({ windowsSkipped }) => windowsSkipped > 0).length,
  };
}

/** A text in windows, before some of them are chosen. */
interface Cut {
  readonly samples: Sample[];
  /** Ids of a last piece that was too short to be a sample. */
  readonly tokensDropped: number;
}

function cutPlainText(text: Text, tokenizer: Tokenizer, { window, cutsAnywhere }: SampleOptions): Cut {
  const { prefix, suffix } = tokenizer;
  const specials = prefix.length + suffix.length;
  const encoding = hasTokens(text, tokenizer.encode(text.text, { special: false }));
  if (encoding.ids.length + specials <= window) {
    const whole = around(prefix, encoding, suffix);
    return { samples: [toSample(text.source, text.text, 0, whole)], tokensDropped: 0 };
  }
  const room = roomIn(window, specials);
  const { pieces, tokensDropped } = cutEncoding(encoding, { room, window, text: cutsAnywhere ? undefined : text.text });
  const samples = pieces.map((piece) => {
    const [from, to] = extent(piece);
    const shifted = {
      ids: piece.ids,
      starts: piece.starts.map((s) => s - from),
      ends: piece.ends.map((e) => e - from),
    };
    return toSample(text.source, text.text.slice(from, to), from, around(prefix, shifted, suffix));
  });
  return { samples, tokensDropped };
}

/** A text in the chat template, which takes the place of the special tokens: it stands around each piece of a text that is too long. */
function cutChatText(text: Text, tokenizer: Tokenizer, { window, cutsAnywhere }: SampleOptions): Cut {
  const asChat = (content: string, offset: number): Sample => {
    const whole = tokenizer.applyChatTemplate([{ role: "user", content }]);
    // Templates often trim the content, as Python does. Then its place is that of its trimmed text.
    const trimmed = strip(content).trim();
    const place = whole.indexOf(trimmed);
    const start = place < 0 ? 0 : offset + content.indexOf(trimmed) - place;
    const sample = toSample(text.source, whole, start, tokenizer.encode(whole, { special: false }));
    if (sample.ids.length > 0) return sample;
    throw new ParamscopeError(`The model's chat template makes nothing of ${text.source}.`, "Leave it out.", {
      settings: ["chat"],
    });
  };
  const whole = asChat(text.text, 0);
  if (whole.ids.length <= window) return { samples: [whole], tokensDropped: 0 };

  const encoding = hasTokens(text, tokenizer.encode(text.text, { special: false }));
  const overhead = whole.ids.length - encoding.ids.length;
  // A piece may tokenize into a few more ids beside the template than it had within the text: leave room until all fit.
  for (let margin = 0; ; margin = 2 * margin + 1) {
    const { pieces, tokensDropped } = cutEncoding(encoding, {
      room: roomIn(window, overhead + margin),
      window,
      text: cutsAnywhere ? undefined : text.text,
    });
    const samples = pieces.map((piece) => {
      const [from, to] = extent(piece);
      return asChat(text.text.slice(from, to), from);
    });
    if (samples.every((sample) => sample.ids.length <= window)) return { samples, tokensDropped };
  }
}

function roomIn(window: number, taken: number): number {
  if (window > taken) return window - taken;
  throw new ParamscopeError(
    `A window of ${window} tokens has no room for text beside ${taken} special tokens`,
    `Take a window of at least ${taken + 1} tokens.`,
    { settings: ["window"] },
  );
}

function hasTokens(text: Text, encoding: Encoding): Encoding {
  if (encoding.starts.some((start) => start >= 0)) return encoding;
  throw new ParamscopeError(`${text.source} has no tokens for this model`, "Give a text with visible characters.");
}

/** How a text is cut. */
interface Cutting {
  /** The most ids of a piece. */
  readonly room: number;
  readonly window: number;
  /** What is looked at for a good place; undefined: it is cut anywhere. */
  readonly text: string | undefined;
}

/** The consecutive pieces of at most `room` ids; the last one is dropped below a quarter window. */
function cutEncoding(
  encoding: Encoding,
  { room, window, text }: Cutting,
): { pieces: Encoding[]; tokensDropped: number } {
  const pieces: Encoding[] = [];
  const end = encoding.ids.length;
  for (let from = 0; from < end;) {
    const most = Math.min(from + room, end);
    const to = most === end || text === undefined ? most : placeToCut(encoding, text, { from, most });
    if (from > 0 && to === end && to - from < room && 4 * (to - from) < window)
      return { pieces, tokensDropped: to - from };
    pieces.push({
      ids: encoding.ids.slice(from, to),
      starts: encoding.starts.slice(from, to),
      ends: encoding.ends.slice(from, to),
    });
    from = to;
  }
  return { pieces, tokensDropped: 0 };
}

/** The start and the end of a piece in its text. Tokens that share a character share its offsets, so neighbours may overlap. */
function extent(piece: Encoding): [number, number] {
  let from = Infinity;
  let to = 0;
  for (const [index, start] of piece.starts.entries()) {
    if (start < 0) continue;
    from = Math.min(from, start);
    to = Math.max(to, piece.ends[index] ?? 0);
  }
  return from <= to ? [from, to] : [0, 0];
}

function around(prefix: readonly number[], { ids, starts, ends }: Encoding, suffix: readonly number[]): Encoding {
  const none = (tokens: readonly number[]) => tokens.map(() => -1);
  return {
    ids: [...prefix, ...ids, ...suffix],
    starts: [...none(prefix), ...starts, ...none(suffix)],
    ends: [...none(prefix), ...ends, ...none(suffix)],
  };
}

function toSample(source: string, text: string, offset: number, { ids, starts, ends }: Encoding): Sample {
  return {
    source,
    text,
    offset,
    ids: new Int32Array(ids),
    starts: new Int32Array(starts),
    ends: new Int32Array(ends),
  };
}
