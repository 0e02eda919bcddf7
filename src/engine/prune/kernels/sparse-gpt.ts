/**
 * SparseGPT's loops over a block of columns: of some rows `values` `[rows, width]`, bits row after row of what goes. `factor` is the
 * block's `[width, width]` of U, row after row. Matrices are float32.
 */

/** Bits that are looked at together. */
const WORD: usize = 32;
/** The columns of a span, and which of them went, with what those behind are to make up for. */
let row: usize = 0;
let gone: usize = 0;
let errorsOfGone: usize = 0;

/** `scores = values² / U_jj²` */
export function scoreColumns(values: usize, rows: usize, width: usize, factor: usize, scores: usize): void {
  for (let j: usize = 0; j < width; j++) {
    const diagonal = load<f32>(factor + ((j * width + j) << 2));
    const squared = diagonal * diagonal;
    for (let i: usize = 0; i < rows; i++) {
      const at = (i * width + j) << 2;
      const value = load<f32>(values + at);
      store<f32>(scores + at, (value * value) / squared);
    }
  }
}

/** `values −= part` */
export function subtract(values: usize, part: usize, size: usize): void {
  const end = size << 2;
  const whole = end & ~15;
  for (let at: usize = 0; at < whole; at += 16)
    v128.store(values + at, f32x4.sub(v128.load(values + at), v128.load(part + at)));
  for (let at = whole; at < end; at += 4) store<f32>(values + at, load<f32>(values + at) - load<f32>(part + at));
}

/**
 * Takes the marked values away and changes those behind in the row; `errors` `[width, rows]` says what columns behind the block
 * are to make up for. A row's columns are worked on in float64, one after the other, `span` of them; those behind get in float32 what these
 * ask for. With a pattern, where `every` is not 0, `pruned` of so many values are marked on the way. `work` is room for
 * 8 bytes times width and 16 times span.
 */
export function pruneRows(
  values: usize,
  rows: usize,
  width: usize,
  factor: usize,
  bits: usize,
  errors: usize,
  pruned: usize,
  every: usize,
  span: usize,
  work: usize,
): void {
  const inverses = work;
  for (let i: usize = 0; i < width; i++)
    store<f64>(inverses + (i << 3), 1 / <f64>load<f32>(factor + ((i * width + i) << 2)));
  row = inverses + (width << 3);
  gone = row + (span << 3);
  errorsOfGone = gone + (span << 2);
  memory.fill(errors, 0, (rows * width) << 2);
  const group = every > 0 ? every : span;
  for (let r: usize = 0; r < rows; r++) {
    const weights = values + ((r * width) << 2);
    for (let from: usize = 0; from < width; from += span) {
      const to = min(width, from + span);
      for (let i = from; i < to; i++) store<f64>(row + ((i - from) << 3), <f64>load<f32>(weights + (i << 2)));
      let went: usize = 0;
      for (let first = from; first < to; first += group) {
        if (every > 0) markGroup(first - from, first, width, factor, bits, r * width + first, pruned, every);
        const end = min(to, first + group);
        for (let at = first; at < end; at += WORD) {
          // from one that goes to the next: whether one does is as good as random, and no branch should depend on it
          let word = marked(bits, r * width + at, min(WORD, end - at));
          while (word != 0) {
            const i = at + <usize>ctz(word);
            word &= word - 1;
            const ofFactor = factor + ((i * width) << 2);
            const wrong = load<f64>(row + ((i - from) << 3)) * load<f64>(inverses + (i << 3));
            store<f32>(errors + ((i * rows + r) << 2), <f32>wrong);
            store<usize>(gone + (went << 2), ofFactor);
            store<f32>(errorsOfGone + (went++ << 2), <f32>wrong);
            store<f64>(row + ((i - from) << 3), 0);
            compensateInSpan(i + 1, from, to, ofFactor, wrong);
          }
        }
      }
      for (let i = from; i < to; i++) store<f32>(weights + (i << 2), <f32>load<f64>(row + ((i - from) << 3)));
      compensateBehind(weights, to, width, went);
    }
  }
}

// @ts-expect-error: decorators stand on functions in AssemblyScript only
@inline
function isMarked(bits: usize, bit: usize): bool {
  return <bool>((load<u8>(bits + (bit >> 3)) >> <u8>(bit & 7)) & 1);
}

/** So many bits, at most 32, from `bit` on; 8 bytes are read. */
// @ts-expect-error: as above
@inline
function marked(bits: usize, bit: usize, count: usize): u64 {
  return (load<u64>(bits + (bit >> 3)) >> <u64>(bit & 7)) & ((<u64>1 << <u64>count) - 1);
}

// @ts-expect-error: as above
@inline
function compensateInSpan(first: usize, from: usize, to: usize, ofFactor: usize, wrong: f64): void {
  let j = first;
  if ((to - j) & 1) {
    const at = row + ((j - from) << 3);
    store<f64>(at, load<f64>(at) - wrong * <f64>load<f32>(ofFactor + (j << 2)));
    j++;
  }
  const both = f64x2.splat(wrong);
  for (; j < to; j += 2) {
    const at = row + ((j - from) << 3);
    const two = f64x2.promote_low_f32x4(v128.load64_zero(ofFactor + (j << 2)));
    v128.store(at, f64x2.sub(v128.load(at), f64x2.mul(both, two)));
  }
}

/** Columns from `to` on, for those of the span that went: two of them at a time. */
// @ts-expect-error: as above
@inline
function compensateBehind(weights: usize, to: usize, width: usize, went: usize): void {
  const whole = to + (width - to) - ((width - to) % 4);
  let k: usize = 0;
  for (; k + 1 < went; k += 2) {
    const one = load<usize>(gone + (k << 2));
    const other = load<usize>(gone + (k << 2), 4);
    const ofOne = load<f32>(errorsOfGone + (k << 2));
    const ofOther = load<f32>(errorsOfGone + (k << 2), 4);
    for (let j = to; j < whole; j += 4) {
      const at = j << 2;
      const change = f32x4.add(
        f32x4.mul(v128.load(one + at), f32x4.splat(ofOne)),
        f32x4.mul(v128.load(other + at), f32x4.splat(ofOther)),
      );
      v128.store(weights + at, f32x4.sub(v128.load(weights + at), change));
    }
    for (let at = whole << 2; at < width << 2; at += 4) {
      const change = load<f32>(one + at) * ofOne + load<f32>(other + at) * ofOther;
      store<f32>(weights + at, load<f32>(weights + at) - change);
    }
  }
  if (k == went) return;
  const one = load<usize>(gone + (k << 2));
  const ofOne = load<f32>(errorsOfGone + (k << 2));
  for (let at = to << 2; at < width << 2; at += 4)
    store<f32>(weights + at, load<f32>(weights + at) - load<f32>(one + at) * ofOne);
}

/** Marks, of `every` values from column `i` on, `pruned` of the smallest scores, of equal ones the first. */
function markGroup(
  inSpan: usize,
  i: usize,
  width: usize,
  factor: usize,
  bits: usize,
  bit: usize,
  pruned: usize,
  every: usize,
): void {
  for (let times: usize = 0; times < pruned; times++) {
    let least: f32 = Infinity;
    let smallest = every;
    for (let k: usize = 0; k < every; k++) {
      if (isMarked(bits, bit + k)) continue;
      const value = <f32>load<f64>(row + ((inSpan + k) << 3));
      const diagonal = load<f32>(factor + (((i + k) * width + i + k) << 2));
      const score = (value * value) / (diagonal * diagonal);
      if (smallest == every || score < least) {
        least = score;
        smallest = k;
      }
    }
    const at = bits + ((bit + smallest) >> 3);
    store<u8>(at, load<u8>(at) | (1 << <u8>((bit + smallest) & 7)));
  }
}

/**
 * `L⁻¹` `[size, size]` of the Cholesky factor of a matrix, in float64 inside: `work` is room for twice as many float64.
 * Returns false where the matrix is not positive definite.
 */
export function lowerInverse(matrix: usize, size: usize, work: usize, inverse: usize): bool {
  const l = work;
  const inverted = work + ((size * size) << 3);
  for (let i: usize = 0; i < size; i++) {
    const ofI = l + ((i * size) << 3);
    for (let j: usize = 0; j <= i; j++) {
      const ofJ = l + ((j * size) << 3);
      const value = <f64>load<f32>(matrix + ((i * size + j) << 2)) - dot(ofI, ofJ, j);
      if (i == j) {
        if (!(value > 0)) return false;
        store<f64>(ofI + (j << 3), sqrt(value));
      } else store<f64>(ofI + (j << 3), value / load<f64>(ofJ + (j << 3)));
    }
  }
  for (let i: usize = 0; i < size; i++) {
    const ofI = inverted + ((i * size) << 3);
    memory.fill(ofI, 0, size << 3);
    for (let k: usize = 0; k < i; k++)
      addTimes(ofI, inverted + ((k * size) << 3), -load<f64>(l + ((i * size + k) << 3)), k + 1);
    store<f64>(ofI + (i << 3), 1);
    const pivot = load<f64>(l + ((i * size + i) << 3));
    for (let j: usize = 0; j < size; j++)
      store<f32>(inverse + ((i * size + j) << 2), <f32>divided(ofI + (j << 3), pivot));
  }
  return true;
}

// @ts-expect-error: as above
@inline
function divided(at: usize, by: f64): f64 {
  const value = load<f64>(at) / by;
  store<f64>(at, value);
  return value;
}

// @ts-expect-error: as above
@inline
function dot(a: usize, b: usize, size: usize): f64 {
  let two = f64x2.splat(0);
  const whole = (size & ~1) << 3;
  for (let at: usize = 0; at < whole; at += 16) two = f64x2.add(two, f64x2.mul(v128.load(a + at), v128.load(b + at)));
  let sum = f64x2.extract_lane(two, 0) + f64x2.extract_lane(two, 1);
  if (size & 1) sum += load<f64>(a + whole) * load<f64>(b + whole);
  return sum;
}

/** `to += times · from` */
// @ts-expect-error: as above
@inline
function addTimes(to: usize, from: usize, times: f64, size: usize): void {
  const both = f64x2.splat(times);
  const whole = (size & ~1) << 3;
  for (let at: usize = 0; at < whole; at += 16)
    v128.store(to + at, f64x2.add(v128.load(to + at), f64x2.mul(both, v128.load(from + at))));
  if (size & 1) store<f64>(to + whole, load<f64>(to + whole) + times * load<f64>(from + whole));
}
