import { PACKED_CODEBOOKS } from "./packed-codebooks";

const books = Object.entries(PACKED_CODEBOOKS).map(([name, book]) => ({
  name,
  ...book,
  bytes: book.entries * book.weights,
}));

/** Types whose quants are places in another type's codebook. */
const SHARED: readonly (readonly [type: string, ofType: string])[] = [["IQ1_M", "IQ1_S"]];

/** The bytes of all codebooks, a signed byte for each weight. */
export const CODEBOOK_BYTES = books.reduce((sum, { bytes }) => sum + bytes, 0);

/** Writes all codebooks into memory from `at` on, entry after entry, and returns where the one of each type is. */
export function writeCodebooks(memory: Int8Array, at: number): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const { name, bytes, values, packed } of books) {
    places.set(name, at);
    const bits = values.length > 4 ? 4 : 2;
    const perByte = 8 / bits;
    Buffer.from(packed, "base64").forEach((byte, i) => {
      for (let j = 0; j < perByte; j++) memory[at + i * perByte + j] = values[(byte >> (bits * j)) % (1 << bits)] ?? 0;
    });
    at += bytes;
  }
  for (const [type, ofType] of SHARED) places.set(type, places.get(ofType) ?? 0);
  return places;
}
