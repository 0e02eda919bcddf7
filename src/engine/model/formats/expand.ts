import { expandQ4_0, expandQ4_1, expandQ5_0, expandQ5_1, expandQ8_0 } from "./expand-blocks";
import { expandBfloat16, expandFloat16, expandFloat32, type Expand } from "./expand-floats";
import { expandQ2_K, expandQ3_K, expandQ4_K, expandQ5_K, expandQ6_K } from "./expand-super-blocks";

/** How each stored type becomes float32. */
export const EXPAND: Readonly<Record<string, Expand>> = {
  F32: expandFloat32,
  F16: expandFloat16,
  BF16: expandBfloat16,
  Q4_0: expandQ4_0,
  Q4_1: expandQ4_1,
  Q5_0: expandQ5_0,
  Q5_1: expandQ5_1,
  Q8_0: expandQ8_0,
  Q2_K: expandQ2_K,
  Q3_K: expandQ3_K,
  Q4_K: expandQ4_K,
  Q5_K: expandQ5_K,
  Q6_K: expandQ6_K,
};
