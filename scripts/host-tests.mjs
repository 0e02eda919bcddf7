/** Builds the tests of the extension host (test/host) as one file, which VS Code loads: dist/host-tests.cjs. */
import { build } from "esbuild";

await build({
  entryPoints: ["test/host/index.ts"],
  outfile: "dist/host-tests.cjs",
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  external: ["vscode", "mocha"],
  logLevel: "warning",
});
