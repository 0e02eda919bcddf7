import type { TextTable } from "../../../src/engine/compare/text-table";

/** Numbers of the standard normal distribution (Box and Muller). */
export function normalNumbers(next: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

interface Simulated {
  readonly domains: number;
  /** Of each domain. */
  readonly texts: number;
  /** How much more alike texts of one domain are than texts of two. */
  readonly difference: number;
  readonly layers?: number;
}

const DIMENSIONS = 8;
/** How far texts of one domain lie apart, and how much one text is more alike to all others than another. */
const [SPREAD, EFFECT, NOISE] = [0.1, 0.1, 0.02];

/**
 * How alike texts of domains are that lie around the domain's own point, with an effect of every text on all its pairs: what makes
 * pairs depend on each other. A layer has noise of its own.
 */
export function simulatedTexts({ domains, texts, difference, layers = 1 }: Simulated, next: () => number): TextTable {
  const normal = normalNumbers(next);
  const labels = Array.from({ length: domains * texts }, (_, i) => Math.floor(i / texts));
  const points = labels.map((label) =>
    Array.from({ length: DIMENSIONS }, (_, k) => (k === label ? Math.sqrt(difference) : 0) + SPREAD * normal()),
  );
  const effects = labels.map(() => EFFECT * normal());
  const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, k) => sum + x * b[k], 0);
  const columns = Array.from({ length: layers }, () =>
    labels.flatMap((_, i) =>
      labels.slice(0, i).map((__, j) => 0.5 + effects[i] + effects[j] + dot(points[i], points[j]) + NOISE * normal()),
    ),
  );
  return { labels, columns };
}
