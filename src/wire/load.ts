/* What the client needs to speak to a process. Loading it takes as long as all the rest of an activation. */

export { CancellationTokenSource, ResponseError } from "vscode-jsonrpc/node";
export { ScoringProcess } from "./process";
export * from "./protocol";
