/** DESIGN's tolerances, float32 against PyTorch. `density`, `overlap` and `frequency` are absolute, the others relative. */
export const tolerances = {
  value: 1e-3,
  similarity: 2e-3,
  moduleDensity: 0.004,
  layerDensity: 0.002,
  overlap: 0.005,
  frequency: 0.01,
} as const;

interface Deviation {
  readonly size: number;
  readonly tolerance: number;
  readonly where: string;
}

/** Below it a similarity is rounding. */
const ROUNDED = 1e-4;

/** Compares numbers and keeps the worst deviation of each kind. */
export class Deviations {
  readonly #worst = new Map<string, Deviation>();

  /** A tolerance relative to the expected value; where that is 0, so must the other be. */
  relative(kind: string, actual: number, expected: number, where: string, tolerance: number = tolerances.value): void {
    this.#add(kind, Math.abs(actual - expected) / (Math.abs(expected) || Number.MIN_VALUE), where, tolerance);
  }

  /** The same of similarities: one that is 0 but for rounding, as of two texts whose experts differ, may be rounded otherwise. */
  similarity(kind: string, actual: number, expected: number, where: string): void {
    this.#add(kind, Math.abs(actual - expected) / Math.max(expected, ROUNDED), where, tolerances.similarity);
  }

  absolute(kind: string, actual: number, expected: number, where: string, tolerance: number): void {
    this.#add(kind, Math.abs(actual - expected), where, tolerance);
  }

  #add(kind: string, size: number, where: string, tolerance: number): void {
    const known = this.#worst.get(kind);
    // NaN is worse than anything
    if (known === undefined || Number.isNaN(size) || size > known.size)
      this.#worst.set(kind, { size, tolerance, where });
  }

  /** One line for each kind whose worst deviation is beyond its tolerance: expect none. */
  get beyond(): string[] {
    return this.#lines((size, tolerance) => !(size <= tolerance));
  }

  /** One line for each kind. */
  get all(): string[] {
    return this.#lines(() => true);
  }

  #lines(wanted: (size: number, tolerance: number) => boolean): string[] {
    return [...this.#worst]
      .filter(([, { size, tolerance }]) => wanted(size, tolerance))
      .map(
        ([kind, { size, tolerance, where }]) =>
          `${kind}: the worst deviation is ${size.toExponential(1)} (${where}), allowed is ${tolerance}`,
      );
  }
}
