/**
 * AssemblyScript: where in the room that a caller gives what is worked with lies. A _place_ is a vector of four lanes, one for each of
 * four groups of weights: 16 bytes.
 */

/** Places of the weights themselves. */
export const VALUES: usize = 0;
/** Places of what their squared errors count. */
export const WEIGHTS: usize = 512;
/** Places of the levels that are the best so far, as floats. */
export const LEVELS: usize = 1024;
/** Places of the levels that are tried. */
export const TRIED: usize = 1536;
/** Float32 of up to 16 groups: scales, what is subtracted, sums of weights. */
export const SCALES: usize = 2048;
export const MINIMA: usize = 2112;
export const SUMS: usize = 2176;
/** Bytes of up to 16 groups: quants of scales and of what is subtracted. */
export const OF_SCALES: usize = 2240;
export const OF_MINIMA: usize = 2256;
/** Bytes of up to 256 weights: their quants. */
export const QUANTS: usize = 2272;
/** Bytes of it all. */
export const WORK: usize = 2528;
