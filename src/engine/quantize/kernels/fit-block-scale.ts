/** AssemblyScript: one scale for the scales of a block. */
import { nearest, NOTHING } from "./numbers";

/**
 * ggml's `make_qp_quants`: the scale of levels 0 … most for `count` values from `values` on, weighted by as many from `weights` on: of 9 that are tried
 * the best, then levels one after the other as long as that fits better. Levels are left as bytes from `levels` on.
 */
export function fitPositive(count: usize, most: i32, values: usize, levels: usize, weights: usize): f32 {
  let largest: f32 = 0;
  for (let i: usize = 0; i < count; i++) {
    const x = load<f32>(values + (i << 2));
    if (x > largest) largest = x;
  }
  if (largest < NOTHING) {
    memory.fill(levels, 0, count);
    return 0;
  }
  let inverse = <f32>most / largest;
  let scale: f32 = 1 / inverse;
  let bestError: f32 = 0;
  for (let i: usize = 0; i < count; i++) {
    const x = load<f32>(values + (i << 2));
    const wrong = x - scale * <f32>levelOf(inverse * x, most);
    bestError += load<f32>(weights + (i << 2)) * wrong * wrong;
  }
  for (let step = -4; step <= 4; step++) {
    if (step == 0) continue;
    const tried: f32 = (<f32>0.1 * <f32>step + <f32>most) / largest;
    scale = 1 / tried;
    let error: f32 = 0;
    for (let i: usize = 0; i < count; i++) {
      const x = load<f32>(values + (i << 2));
      const wrong = x - scale * <f32>levelOf(tried * x, most);
      error += load<f32>(weights + (i << 2)) * wrong * wrong;
    }
    if (error < bestError) {
      bestError = error;
      inverse = tried;
    }
  }
  let products: f32 = 0;
  let squares: f32 = 0;
  for (let i: usize = 0; i < count; i++) {
    const x = load<f32>(values + (i << 2));
    const w = load<f32>(weights + (i << 2));
    const level = levelOf(inverse * x, most);
    store<u8>(levels + i, <u8>level);
    products += w * x * <f32>level;
    squares += w * <f32>level * <f32>level;
  }
  for (let round = 0; round < 5; round++) {
    let isSame = true;
    for (let i: usize = 0; i < count; i++) {
      const x = load<f32>(values + (i << 2));
      const w = load<f32>(weights + (i << 2));
      const level = <i32>load<u8>(levels + i);
      const others = products - w * x * <f32>level;
      const squaresOfOthers = squares - w * <f32>level * <f32>level;
      if (!(others > 0 && squaresOfOthers > 0)) continue;
      const other = levelOf((x * squaresOfOthers) / others, most);
      if (other == level) continue;
      const newProducts = others + w * x * <f32>other;
      const newSquares = squaresOfOthers + w * <f32>other * <f32>other;
      if (newProducts * newProducts * squares > products * products * newSquares) {
        store<u8>(levels + i, <u8>other);
        products = newProducts;
        squares = newSquares;
        isSame = false;
      }
    }
    if (isSame) break;
  }
  return squares > 0 ? products / squares : 0;
}

/** The part of `make_qx_quants` for the scales of a block, which have a sign: levels 0 … 2 · most − 1 as bytes. Of 19 scales that are tried the best. */
export function fitSigned(count: usize, most: i32, values: usize, levels: usize, weights: usize): f32 {
  let extreme: f32 = 0;
  let magnitude: f32 = 0;
  for (let i: usize = 0; i < count; i++) {
    const x = load<f32>(values + (i << 2));
    if (abs<f32>(x) > magnitude) {
      magnitude = abs<f32>(x);
      extreme = x;
    }
  }
  if (magnitude < NOTHING) {
    memory.fill(levels, 0, count);
    return 0;
  }
  let scale: f32 = 0;
  let best: f32 = 0;
  for (let i = 0; i < 19; i++) {
    // that of the range first
    const step = i == 0 ? 0 : i <= 9 ? i - 10 : i - 9;
    const inverse: f32 = -(<f32>most + <f32>0.1 * <f32>step) / extreme;
    let products: f32 = 0;
    let squares: f32 = 0;
    for (let k: usize = 0; k < count; k++) {
      const x = load<f32>(values + (k << 2));
      const w = load<f32>(weights + (k << 2));
      const level = <f32>max(-most, min(most - 1, nearest(inverse * x)));
      products += w * x * level;
      squares += w * level * level;
    }
    if (i > 0 && !(squares > 0 && products * products > best * squares)) continue;
    scale = squares != 0 ? products / squares : 0;
    best = scale * products;
    for (let k: usize = 0; k < count; k++) {
      const level = nearest(inverse * load<f32>(values + (k << 2)));
      store<u8>(levels + k, <u8>(most + max(-most, min(most - 1, level))));
    }
  }
  return scale;
}

/** A scale below 0, which regression gives next to never, has level 0; ggml takes the bits of such a one for a level. */
// @ts-expect-error: decorators stand on functions in AssemblyScript only
@inline
function levelOf(value: f32, most: i32): i32 {
  return max(0, min(most, nearest(value)));
}
