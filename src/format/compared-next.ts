import type { ComparedToken, SampleDescription } from "../engine/document/document";
import { extremes, printAlike } from "./claims";
import { quoted } from "./model-words";
import { formatShare } from "./numbers";

/** How probable a token is; of one that is not among those that are told, what it is less likely than. */
export interface Probability {
  readonly share: number;
  readonly isBelow: boolean;
}

/** A token that one of two texts, or models, takes for likely to come next, and how likely it is to both. */
export interface NextShare {
  readonly text: string;
  readonly a: Probability;
  readonly b: Probability;
}

type NextTokens = SampleDescription["nextTokens"];

/**
 * The likeliest next tokens of both together, the likeliest of either first.
 * @param next with their probabilities in both, of results that have them: of others what is not told of one side is below what is.
 */
export function nextShares(a: NextTokens, b: NextTokens, next?: readonly ComparedToken[]): NextShare[] {
  const told = next ?? union(a, b);
  const shares = told.map((token): NextShare => ({
    text: token.text,
    a: probability(token.a, a),
    b: probability(token.b, b),
  }));
  return shares.sort((x, y) => most(y) - most(x));
}

function union(a: NextTokens, b: NextTokens): ComparedToken[] {
  const [ofA, ofB] = [a, b].map((tokens) => new Map(tokens.map(({ id, probability }) => [id, probability])));
  const texts = new Map([...a, ...b].map(({ id, text }) => [id, text]));
  return [...texts].map(([id, text]) => ({ id, text, a: ofA?.get(id) ?? null, b: ofB?.get(id) ?? null }));
}

function probability(share: number | null, told: NextTokens): Probability {
  return share === null ? { share: told.at(-1)?.probability ?? 1, isBelow: true } : { share, isBelow: false };
}

const known = ({ share, isBelow }: Probability): number => (isBelow ? 0 : share);

const most = ({ a, b }: NextShare): number => Math.max(known(a), known(b));

/** `31 %`, `less than 0.4 %` */
export function formatProbability({ share, isBelow }: Probability): string {
  return `${isBelow ? "less than " : ""}${formatShare(share)}`;
}

/** Where two distributions part: `They part most in " Rome": 84 % in A, 2 % in B.` */
export function nextFinding(shares: readonly NextShare[]): string {
  if (shares.length === 0) return "";
  // what is only known to be below something differs by what the other is above that
  const apart = ({ a, b }: NextShare): number =>
    a.isBelow || b.isBelow ? Math.max(0, known(a) - b.share, known(b) - a.share) : Math.abs(a.share - b.share);
  const parting = shares.filter((token) => apart(token) > 0 && !printAlike(formatShare, token.a.share, token.b.share));
  const furthest = extremes(parting, apart)?.most;
  if (furthest === undefined)
    return shares.some(({ a, b }) => a.isBelow || b.isBelow)
      ? "Of no token is it told that one of them takes it for likelier."
      : "Both take the same tokens for as likely.";
  const { text, a, b } = furthest;
  return `They part most in ${quoted(text)}: ${formatProbability(a)} in A, ${formatProbability(b)} in B.`;
}
