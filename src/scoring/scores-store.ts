import type { MatrixScores } from "../engine/api";
import { imageCodes } from "../engine/document/matrix-image";
import { regionOf } from "../engine/index";
import { largestOf } from "../engine/numbers/statistics";
import type { MatrixRegion, MatrixRegionParams, SumsOf } from "../wire/protocol";
import { keyOf } from "./sums-store";

/** The most cells along either side of what a page is sent. */
const MOST = 96;

interface Held {
  readonly key: string;
  readonly scores: MatrixScores;
  readonly max: number;
}

/** Every activation of the matrix that was last asked for: two bytes each. */
export class ScoresStore {
  #held: Held | undefined;

  keep(result: SumsOf, place: { readonly layer: number; readonly matrix: string }, scores: MatrixScores): void {
    const whole = { rows: [0, scores.out], columns: [0, scores.in] } as const;
    this.#held = { key: placeKey(result, place), scores, max: largestOf(regionOf(scores, whole, 1).values) };
  }

  /** A part of it as a picture; null: another is held, or none. */
  find({ result, layer, matrix, region }: MatrixRegionParams): MatrixRegion | null {
    const held = this.#held;
    if (held?.key !== placeKey(result, { layer, matrix })) return null;
    const { rows, columns, values } = regionOf(held.scores, region, MOST);
    const codes = Buffer.from(imageCodes(values, held.max)).toString("base64");
    return { region, max: held.max, image: { rows, columns, codes } };
  }
}

function placeKey(result: SumsOf, { layer, matrix }: { readonly layer: number; readonly matrix: string }): string {
  return JSON.stringify([keyOf(result), layer, matrix]);
}
