import type { AnalysisDocument, TypicalDescription, UnusualPlace } from "../engine/document/document";
import { capital, extremes, listed, printAlike } from "./claims";
import { lengthNames, type Length } from "./length-names";
import { shortNamesIn } from "./matrix-names";
import { formatCardinal, formatCount, formatDuration, formatNumber, formatShare } from "./numbers";

/** Places that are told in words. */
const TOLD = 3;

type Level = TypicalDescription["levels"][number];

const words: Readonly<Record<Level["level"], readonly [one: string, several: string]>> = {
  layer: ["layer", "layers"],
  expert: ["expert", "experts"],
  matrix: ["matrix", "matrices"],
  head: ["head", "heads"],
  neuron: ["feed-forward neuron", "feed-forward neurons"],
};

/** What a text uses otherwise than texts usually do. */
export interface TypicalFinding {
  /** What is unusual, at which levels; or that nothing is. */
  readonly headline: string;
  /** The furthest places of the finest level at which something is unusual; none: nothing is. */
  readonly places: readonly string[];
}

/**
 * What is unusual of the texts, beside typical ones. A place is unusual where at most one typical text of twenty has anything, at any
 * place of any level, that is as far from the usual.
 */
export function typicalFinding({
  typical,
  layers,
}: Pick<AnalysisDocument, "typical" | "layers">): TypicalFinding | undefined {
  if (typical === undefined) return undefined;
  const beside = `beside ${textsInWords(typical)}`;
  const unusual = typical.levels.filter((level) => level.unusual > 0);
  const finest = unusual.at(-1);
  if (finest === undefined) {
    const asFar = Math.min(
      ...typical.levels.flatMap(({ furthest }) => furthest.slice(0, 1).map(({ textsAsFar }) => textsAsFar)),
    );
    return {
      headline: `Nothing here is unusual ${beside}: ${formatCardinal(asFar)} of them ${asFar === 1 ? "has" : "have"} something as far from the usual.`,
      places: [],
    };
  }
  const counts = unusual.map(
    ({ level, unusual: count, places }) => `${formatCardinal(count)} of ${formatCount(places)} ${words[level][1]}`,
  );
  return {
    headline: `Unusual here, ${beside}: ${listed(counts)}.${lengthInWords(typical)}`,
    places: finest.furthest
      .slice(0, Math.min(TOLD, finest.unusual))
      .map((place) => `${capital(placeName(place, finest.level, layers))} ${shareInWords(place, typical.texts)}.`),
  };
}

/**
 * `Layer 9 holds more of the activation than usual; layers 2 and 3 hold less.`; or that no layer as a whole is unusual, where something else is. Undefined
 * where nothing is, and where their shares print as the usual ones.
 */
export function unusualLayersSentence({ typical }: Pick<AnalysisDocument, "typical">): string | undefined {
  const found = typical?.levels.find(({ level }) => level === "layer");
  if (typical === undefined || found === undefined || typical.levels.every(({ unusual }) => unusual === 0))
    return undefined;
  if (found.unusual === 0) return "No layer as a whole is unusual.";
  const unusual = found.furthest.slice(0, found.unusual);
  const apart = unusual.filter(({ ratio }) => !printAlike(formatRatio, ratio, 1));
  const hold = (than: string, some: readonly UnusualPlace[], what: string): string[] =>
    some.length === 0
      ? []
      : [`layer${some.length > 1 ? "s" : ""} ${layersInWords(some)} hold${some.length > 1 ? "" : "s"} ${than}${what}`];
  const ofUsual = " of the activation than usual";
  const more = hold(
    "more",
    apart.filter(({ ratio }) => ratio > 1),
    ofUsual,
  );
  const less = hold(
    "less",
    apart.filter(({ ratio }) => ratio < 1),
    more.length > 0 ? "" : ofUsual,
  );
  return more.length + less.length === 0 ? undefined : `${capital([...more, ...less].join("; "))}.`;
}

/** `2, 3 and 9` */
function layersInWords(places: readonly UnusualPlace[]): string {
  return listed(
    places
      .map(({ layer }) => layer)
      .sort((a, b) => a - b)
      .map(String),
  );
}

/** What may be all that is unusual. */
function lengthInWords({ beyond }: TypicalDescription): string {
  if (beyond === undefined) return "";
  return ` None of those texts is ${beyond}, which may be why.`;
}

/** The places of one level that are unusual, the furthest first. */
export interface UnusualPlaces {
  readonly level: Level["level"];
  /** `Unusual heads`, `Unusual feed-forward neurons` */
  readonly title: string;
  readonly places: readonly { readonly place: UnusualPlace; readonly name: string; readonly words: string }[];
  /** How many more there are, which are not listed. */
  readonly more: number;
}

/** Places that are listed of a level. */
const LISTED = 5;

/**
 * The unusual places that a chart of layers and matrices does not show: experts, heads and feed-forward neurons; where there are none of those,
 * the finest that there are.
 */
export function unusualPlaces({ typical, layers }: Pick<AnalysisDocument, "typical" | "layers">): UnusualPlaces[] {
  if (typical === undefined) return [];
  const unusual = typical.levels.filter((level) => level.unusual > 0);
  const within = unusual.filter(({ level }) => level !== "layer" && level !== "matrix");
  return (within.length > 0 ? within : unusual.slice(-1)).map(({ level, unusual: count, furthest }) => {
    const places = furthest.slice(0, Math.min(LISTED, count));
    return {
      level,
      title: `Unusual ${words[level][1]}`,
      places: places.map((place) => ({
        place,
        name: placeName(place, level, layers),
        words: shareInWords(place, typical.texts),
      })),
      more: count - places.length,
    };
  });
}

/** What of one matrix is unusual, or the matrix itself, with what is said of it. */
export function unusualWithin(
  { typical, layers }: Pick<AnalysisDocument, "typical" | "layers">,
  layer: number,
  module: string,
): (UnusualPlaces["places"][number] & { readonly level: Level["level"] })[] {
  if (typical === undefined) return [];
  return typical.levels.flatMap(({ level, unusual, furthest }) =>
    furthest
      .slice(0, unusual)
      .filter((place) => place.layer === layer && place.module === module)
      .map((place) => ({
        level,
        place,
        name: placeName(place, level, layers),
        words: shareInWords(place, typical.texts),
      })),
  );
}

/**
 * How the shares of a level's places, which a chart shows one by one, lie about the usual: whether any of them is unusual comes first, since
 * there is always one that is furthest. Undefined where no typical text was measured, or the level has one place.
 */
export function ratiosFinding(
  { typical }: Pick<AnalysisDocument, "typical">,
  level: "layer" | "matrix",
  places: readonly RatioOfPlace[],
): string | undefined {
  const found = typical?.levels.find((each) => each.level === level);
  const ends = extremes(places, ({ ratio }) => ratio);
  if (found === undefined || ends === undefined) return undefined;
  const { most, least } = ends;
  const [one, several] = words[level];
  const count =
    found.unusual === 0
      ? `No ${one} is unusual`
      : `${capital(formatCardinal(found.unusual))} of ${formatCount(found.places)} ${several} ${found.unusual === 1 ? "is" : "are"} unusual`;
  if (printAlike(formatRatio, most.ratio, least.ratio))
    return `${count}: all hold ${formatRatio(most.ratio)} of their usual share of the activation.`;
  return `${count}: their shares of the activation are from ${formatRatio(least.ratio)} (${least.name}) to ${formatRatio(most.ratio)} (${most.name}) of the usual.`;
}

/** A place with what its share is as a ratio to the usual. */
export interface RatioOfPlace {
  readonly name: string;
  readonly ratio: number;
}

/** What it would take to say it, where it was left out for that. */
export function unmeasuredFinding({ typicalSeconds }: Pick<AnalysisDocument, "typicalSeconds">): string | undefined {
  if (typicalSeconds === undefined) return undefined;
  const [low, high] = typicalSeconds.map(formatDuration);
  return `What is unusual here is not known: how typical texts activate this model takes about ${low} to ${high} to measure, once.`;
}

/** `64 short texts that end with a sentence`, `the 24 texts of mails`, `64 of the 500 texts of mails` */
export function textsInWords({ texts, of }: TypicalDescription): string {
  if ("name" in of) {
    const { name, from } = of as { name: string; from?: number };
    const chosen =
      from !== undefined && from > texts
        ? `${formatCount(texts)} of the ${formatCount(from)}`
        : `the ${formatCount(texts)}`;
    return `${chosen} texts of ${name}`;
  }
  const { length, endings, chat } = of as { length: Length; endings: readonly string[]; chat: boolean };
  const ends = endings.map((ending) => (ending === "middle" ? "in the middle of a sentence" : `with a ${ending}`));
  const how = chat ? " within the chat template" : ends.length > 0 ? ` that end ${listed(ends, "or")}` : "";
  return `${formatCount(texts)} ${lengthNames[length]} texts${how}`;
}

/** `layer 9`, `layer 9 expert 3`, `layer 9 down`, `layer 9 q head 3`, `layer 9 neuron 211` */
export function placeName(
  { layer, module, part, index }: Pick<UnusualPlace, "layer" | "module" | "part" | "index">,
  level: Level["level"],
  layers: AnalysisDocument["layers"],
): string {
  if (level === "expert") return `layer ${layer} expert ${index}`;
  if (level === "layer" || module === undefined) return `layer ${layer}`;
  if (level === "neuron") return `layer ${layer} neuron ${index}`;
  const matrix = shortNamesIn(layers)(module);
  if (level === "matrix") return `layer ${layer} ${matrix}`;
  return `layer ${layer} ${part ?? matrix} head ${index}`;
}

/** `holds 14 times its usual share of the activation, 0.21 % instead of 0.015 %, more than in any of the 64 texts` */
function shareInWords({ share, usual, ratio, above, tied = 0 }: UnusualPlace, texts: number): string {
  const much = ratio >= 1 ? `${formatNumber(Number(ratio.toPrecision(2)))} times` : `${formatShare(ratio)} of`;
  const amounts = usual > 0 && share > 0 ? `, ${formatShare(share)} instead of ${formatShare(usual)}` : "";
  const more = ratio >= 1;
  const exceeded = above === null ? undefined : more ? above : texts - above - tied;
  const than = more ? "more" : "less";
  const rank =
    exceeded === undefined
      ? ""
      : exceeded === texts
        ? `, ${than} than in any of them`
        : `, ${than} than in ${formatCount(exceeded)} of them`;
  return `holds ${much} its usual share of the activation${amounts}${rank}`;
}

/** A ratio to the usual share, for a column: `×1.08` */
export function formatRatio(ratio: number): string {
  return `×${ratio >= 9.95 ? String(Number(ratio.toPrecision(2))) : ratio.toFixed(2)}`;
}

/** A ratio for a cell of a heat map, as short as can be: `1.08`, `14` */
export function shortRatio(ratio: number): string {
  return formatRatio(ratio).slice(1);
}
