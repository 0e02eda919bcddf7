/** AssemblyScript: scales of groups whose quants have a sign: `x ≈ scale · level`, least squares of weighted errors. */
import { nearestWithin, NOTHING, roundedWithin } from "./numbers";
import { LEVELS, QUANTS, SCALES, VALUES, WEIGHTS } from "./work";

/** Of each lane the value that is the farthest from 0, of equal ones the first. */
export function farthest(work: usize, size: usize): v128 {
  let most = f32x4.splat(0);
  let magnitude = f32x4.splat(0);
  for (let at = work, end = work + (size << 4); at < end; at += 16) {
    const x = v128.load(at, VALUES);
    const distance = f32x4.abs(x);
    most = v128.bitselect(x, most, f32x4.gt(distance, magnitude));
    magnitude = f32x4.pmax(magnitude, distance);
  }
  return most;
}

/**
 * ggml's `make_qx_quants` with weights: the scale of levels −most … most − 1 that fits best, of 19 that are tried. The levels, `most` more,
 * are left in their places, and 0 where a group is one of zeros.
 */
export function fitScale(work: usize, size: usize, most: f32): v128 {
  const end = work + (size << 4);
  const low = f32x4.splat(-most);
  const high = f32x4.splat(most - 1);
  const offset = f32x4.splat(most);
  const zero = f32x4.splat(0);
  const extreme = farthest(work, size);
  const isNothing = f32x4.lt(f32x4.abs(extreme), f32x4.splat(NOTHING));
  let inverse = f32x4.div(low, extreme);
  let products = zero;
  let squares = zero;
  for (let at = work; at < end; at += 16) {
    const x = v128.load(at, VALUES);
    const w = v128.load(at, WEIGHTS);
    const level = roundedWithin(f32x4.mul(inverse, x), low, high);
    v128.store(at, f32x4.add(level, offset), LEVELS);
    products = f32x4.add(products, f32x4.mul(f32x4.mul(w, x), level));
    squares = f32x4.add(squares, f32x4.mul(f32x4.mul(w, level), level));
  }
  let scale = v128.and(f32x4.div(products, squares), f32x4.ne(squares, zero));
  let best = f32x4.mul(scale, products);
  for (let step = -9; step <= 9; step++) {
    if (step == 0) continue;
    inverse = f32x4.div(f32x4.splat(-(most + <f32>0.1 * <f32>step)), extreme);
    products = zero;
    squares = zero;
    for (let at = work; at < end; at += 16) {
      const x = v128.load(at, VALUES);
      const w = v128.load(at, WEIGHTS);
      const level = roundedWithin(f32x4.mul(inverse, x), low, high);
      products = f32x4.add(products, f32x4.mul(f32x4.mul(w, x), level));
      squares = f32x4.add(squares, f32x4.mul(f32x4.mul(w, level), level));
    }
    const isBetter = v128.and(
      f32x4.gt(squares, zero),
      f32x4.gt(f32x4.mul(products, products), f32x4.mul(best, squares)),
    );
    if (!v128.any_true(isBetter)) continue;
    for (let at = work; at < end; at += 16) {
      const level = roundedWithin(f32x4.mul(inverse, v128.load(at, VALUES)), low, high);
      v128.store(at, v128.bitselect(f32x4.add(level, offset), v128.load(at, LEVELS), isBetter), LEVELS);
    }
    const fitted = f32x4.div(products, squares);
    scale = v128.bitselect(fitted, scale, isBetter);
    best = v128.bitselect(f32x4.mul(fitted, products), best, isBetter);
  }
  clear(work, end, isNothing);
  return v128.andnot(scale, isNothing);
}

/** Places of a set of four groups of 16. */
const SET: usize = 256;
/** What a set's sums are kept in while levels are changed. */
const STATE: usize = QUANTS;

/**
 * ggml's `make_q3_quants` of the 16 groups of a block, four sets of places one behind the other: weighted by their squares, the levels
 * −4 … 3 are changed one after the other as long as that fits better, in up to 5 rounds. They are left as by `fitScale`, and the groups' scales
 * in `SCALES`. A division waits for the one before it in its set, which is why all sets are worked on together.
 */
export function fitLevels(work: usize): void {
  for (let set: usize = 0; set < 4; set++) startLevels(work + set * SET, work + STATE + (set << 5));
  let first = true;
  let second = true;
  let third = true;
  let fourth = true;
  for (let round = 0; round < 5 && (first || second || third || fourth); round++) {
    const none = i32x4.splat(0);
    let changed = none;
    let changedOfSecond = none;
    let changedOfThird = none;
    let changedOfFourth = none;
    for (let at = work; at < work + SET; at += 16) {
      if (first) changed = v128.or(changed, changeLevel(at, work + STATE));
      if (second) changedOfSecond = v128.or(changedOfSecond, changeLevel(at + SET, work + STATE + 32));
      if (third) changedOfThird = v128.or(changedOfThird, changeLevel(at + 2 * SET, work + STATE + 64));
      if (fourth) changedOfFourth = v128.or(changedOfFourth, changeLevel(at + 3 * SET, work + STATE + 96));
    }
    // where nothing changed, nothing would in the next round
    first = v128.any_true(changed);
    second = v128.any_true(changedOfSecond);
    third = v128.any_true(changedOfThird);
    fourth = v128.any_true(changedOfFourth);
  }
  for (let set: usize = 0; set < 4; set++) {
    const places = work + set * SET;
    const state = work + STATE + (set << 5);
    for (let at = places; at < places + SET; at += 16)
      v128.store(at, f32x4.add(v128.load(at, LEVELS), f32x4.splat(4)), LEVELS);
    const isNothing = f32x4.lt(f32x4.abs(farthest(places, 16)), f32x4.splat(NOTHING));
    clear(places, places + SET, isNothing);
    const squares = v128.load(state, 16);
    const scale = v128.and(f32x4.div(v128.load(state), squares), f32x4.gt(squares, f32x4.splat(0)));
    v128.store(work + SCALES + (set << 4), v128.andnot(scale, isNothing));
  }
}

/** The levels where the farthest value is −4, and the sums of products and of squares. */
function startLevels(places: usize, state: usize): void {
  const inverse = f32x4.div(f32x4.splat(-4), farthest(places, 16));
  let products = f32x4.splat(0);
  let squares = f32x4.splat(0);
  for (let at = places; at < places + SET; at += 16) {
    const x = v128.load(at, VALUES);
    const w = f32x4.mul(x, x);
    const level = roundedWithin(f32x4.mul(inverse, x), f32x4.splat(-4), f32x4.splat(3));
    v128.store(at, level, LEVELS);
    products = f32x4.add(products, f32x4.mul(f32x4.mul(w, x), level));
    squares = f32x4.add(squares, f32x4.mul(f32x4.mul(w, level), level));
  }
  v128.store(state, products);
  v128.store(state, squares, 16);
}

/** Changes the levels of one place where that fits better, and says where. */
// @ts-expect-error: decorators stand on functions in AssemblyScript only
@inline
function changeLevel(at: usize, state: usize): v128 {
  const zero = f32x4.splat(0);
  const products = v128.load(state);
  const squares = v128.load(state, 16);
  const x = v128.load(at, VALUES);
  const w = f32x4.mul(x, x);
  const wx = f32x4.mul(w, x);
  const level = v128.load(at, LEVELS);
  const others = f32x4.sub(products, f32x4.mul(wx, level));
  const squaresOfOthers = f32x4.sub(squares, f32x4.mul(f32x4.mul(w, level), level));
  const free = nearestWithin(f32x4.div(f32x4.mul(x, squaresOfOthers), others), -4, 3);
  const other = f32x4.convert_i32x4_s(free);
  const newProducts = f32x4.add(others, f32x4.mul(wx, other));
  const newSquares = f32x4.add(squaresOfOthers, f32x4.mul(f32x4.mul(w, other), other));
  const isBetter = v128.and(
    v128.and(f32x4.gt(others, zero), f32x4.ne(other, level)),
    v128.and(
      f32x4.gt(newSquares, zero),
      f32x4.gt(
        f32x4.mul(f32x4.mul(newProducts, newProducts), squares),
        f32x4.mul(f32x4.mul(products, products), newSquares),
      ),
    ),
  );
  v128.store(at, v128.bitselect(other, level, isBetter), LEVELS);
  v128.store(state, v128.bitselect(newProducts, products, isBetter));
  v128.store(state, v128.bitselect(newSquares, squares, isBetter), 16);
  return isBetter;
}

// @ts-expect-error: as above
@inline
function clear(work: usize, end: usize, lanes: v128): void {
  if (!v128.any_true(lanes)) return;
  for (let at = work; at < end; at += 16) v128.store(at, v128.andnot(v128.load(at, LEVELS), lanes), LEVELS);
}
