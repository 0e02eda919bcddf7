/** A text's UTF-8 bytes, and for each byte the UTF-16 units of the character that it is of. */
export interface Utf8 {
  readonly length: number;
  readonly bytes: Uint8Array;
  readonly unitStarts: Int32Array;
  readonly unitEnds: Int32Array;
}

/** The text has to be well-formed: no lone surrogates. */
export function utf8Bytes(text: string): Utf8 {
  const bytes = new Uint8Array(3 * text.length);
  const unitStarts = new Int32Array(3 * text.length);
  const unitEnds = new Int32Array(3 * text.length);
  let length = 0;
  for (let at = 0; at < text.length;) {
    const point = text.codePointAt(at) ?? 0;
    const end = at + (point > 0xffff ? 2 : 1);
    const first = length;
    if (point < 0x80) {
      bytes[length++] = point;
    } else if (point < 0x800) {
      bytes[length++] = 0xc0 | (point >> 6);
      bytes[length++] = 0x80 | (point & 63);
    } else if (point < 0x10000) {
      bytes[length++] = 0xe0 | (point >> 12);
      bytes[length++] = 0x80 | ((point >> 6) & 63);
      bytes[length++] = 0x80 | (point & 63);
    } else {
      bytes[length++] = 0xf0 | (point >> 18);
      bytes[length++] = 0x80 | ((point >> 12) & 63);
      bytes[length++] = 0x80 | ((point >> 6) & 63);
      bytes[length++] = 0x80 | (point & 63);
    }
    unitStarts.fill(at, first, length);
    unitEnds.fill(end, first, length);
    at = end;
  }
  return { length, bytes, unitStarts, unitEnds };
}
