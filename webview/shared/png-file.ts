/* A picture as a PNG file that says how large it is on paper. */

/** How many bytes stand before the first chunk of a PNG file, and how many the first chunk (`IHDR`) has. */
const [SIGNATURE, HEADER] = [8, 25];
const METRE_IN_INCHES = 1 / 0.0254;

/** The bytes of a PNG file, with a chunk that says how many of its pixels are an inch. */
export function withPixelsPerInch(png: Uint8Array, perInch: number): Uint8Array {
  const chunk = new Uint8Array(21);
  const view = new DataView(chunk.buffer);
  const perMetre = Math.round(perInch * METRE_IN_INCHES);
  view.setUint32(0, 9);
  chunk.set(new TextEncoder().encode("pHYs"), 4);
  view.setUint32(8, perMetre);
  view.setUint32(12, perMetre);
  // of metres
  view.setUint8(16, 1);
  view.setUint32(17, crc32(chunk.subarray(4, 17)));
  const at = SIGNATURE + HEADER;
  const whole = new Uint8Array(png.length + chunk.length);
  whole.set(png.subarray(0, at));
  whole.set(chunk, at);
  whole.set(png.subarray(at), at + chunk.length);
  return whole;
}

/** The check of a chunk, as PNG defines it. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
