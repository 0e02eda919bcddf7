/* What src/cli.ts carries out, in a thread that it started or in its own. */
export { main } from "./cli/main";
