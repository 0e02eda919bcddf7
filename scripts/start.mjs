/** `npm start`: analyses a sample text with the bundled model; `npm start -- ARGS` runs the command with other arguments. */
import { spawnSync } from "node:child_process";

const args = process.argv.slice(2);
const command = args.length > 0 ? args : ["analyze", "samples/fiction/harbour.txt"];
const { status } = spawnSync(process.execPath, ["dist/cli.cjs", ...command], { stdio: "inherit" });
process.exitCode = status ?? 1;
