import { setFlagsFromString } from "node:v8";

/*
 * Imported first by what computes. On Node 24 loops that V8's middle compiler, Maglev, had made while they ran gave a wrong
 * threshold of a top set in some of a hundred runs: test/cli/compare.test.ts saw it. The other compilers do well without it. V8 has it on from version 12,
 * whichever program has V8 in it.
 */
if (Number(process.versions.v8.split(".")[0]) >= 12) setFlagsFromString("--no-maglev");
