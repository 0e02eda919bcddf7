import "./sound-compiler";

import { createRequire } from "node:module";
import { join } from "node:path";
import { supervise } from "./cli/supervise";

const args = process.argv.slice(2);
const command = join(__dirname, "command.cjs");

// What only says something needs no thread of its own, and is said sooner without.
if (args.length === 0 || args.some((arg) => ["-h", "--help", "-V", "--version"].includes(arg)))
  createRequire(__filename)(command);
else void supervise(command, args);
