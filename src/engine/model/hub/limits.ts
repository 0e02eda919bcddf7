/* Bounds on what a server says. */

/** The most bytes of a description. The largest known is Gemma's tokenizer.json of 33 MB; the same bound holds when such a file is read. */
export const largestDescription = 64 * 1024 * 1024;

/** The largest open models take some 1.5 TB. More is a number that is wrong. */
export const largestModel = 4e12;

/** The largest open models come in fewer than 200 shards. The same bound holds when they are opened. */
export const mostShards = 1000;

/** Repositories of many quantizations hold some hundred files; beyond this a listing is not meant to end. */
export const mostFiles = 10_000;

/** A page may be of folders alone, or of nothing, and name another one. */
export const mostPages = 200;

/** A page of the listing has a thousand files, and some hundred kilobytes. */
export const largestAnswer = 16 * 1024 * 1024;
