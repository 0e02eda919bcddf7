import { build, type Plugin } from "esbuild";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { esbuildKernels } from "../../scripts/kernels.mjs";
import { repository } from "../scoring/support";

/** The list of runs with one more: the one file of `src` that the scoring process's part of a kind touches. */
const oneMore: Plugin = {
  name: "one more run",
  setup(build) {
    build.onLoad({ filter: /scoring[\\/]runs[\\/]runs\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const run = join(repository, "test/tenth-kind/run.ts");
      const contents = `import { tokensRun } from ${JSON.stringify(run)};\n${source.replace(/\];\s*$/, "  tokensRun,\n];\n")}`;
      return { contents, loader: "ts" };
    });
  },
};

/** Builds the scoring process with the tenth kind. It computes nothing, so that it needs no runtime beside it. */
export async function buildWorker(outfile: string): Promise<void> {
  await build({
    entryPoints: [join(repository, "src/worker.ts")],
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    outfile,
    logLevel: "error",
    external: ["onnxruntime-node", "*/wasm-backend"],
    plugins: [oneMore, esbuildKernels],
  });
}
