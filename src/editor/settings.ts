import * as vscode from "vscode";

import { readBytes, readThreshold } from "../format/quantities";
import { ParamscopeError } from "../engine/errors";
import { defaults, defaultThreshold } from "../engine/run/defaults";
import type { RunSettings } from "../scoring/protocol";

/** What the user has set, but for the model. */
export function runSettings(): Omit<RunSettings, "model"> {
  const settings = vscode.workspace.getConfiguration("paramscope");
  const threshold = settings.get("threshold", defaultThreshold);
  const memory = settings.get("memoryBudget", "");
  const threads = settings.get("threads", 0);
  return {
    target: settings.get("target", defaults.target),
    threshold: readThreshold(threshold) ?? wrong("threshold", threshold, "a share, 10%, or an activation, 5e-6"),
    window: settings.get("window", defaults.window),
    maxSamples: settings.get("maxSamples", defaults.maxSamples),
    chat: settings.get("chatTemplate", defaults.chat),
    memory: memory.trim() === "" ? undefined : (readBytes(memory) ?? wrong("memoryBudget", memory, "a size, 2GiB")),
    threads: threads > 0 ? threads : undefined,
    runtime: settings.get<RunSettings["runtime"] | "auto">("runtime") === "auto" ? undefined : settings.get("runtime"),
    provider: settings.get("executionProvider"),
    tensorflowFolder: settings.get("tensorflowFolder", "").trim() || undefined,
  };
}

/** Id or path of the model; empty: the bundled one. */
export function modelSetting(): string {
  return vscode.workspace.getConfiguration("paramscope").get("model", "").trim();
}

/** Empty: what the environment says. A workspace cannot set it. */
export function hubEndpointSetting(): string {
  return vscode.workspace.getConfiguration("paramscope").get("hubEndpoint", "").trim();
}

export function idleSeconds(): number {
  return 60 * vscode.workspace.getConfiguration("paramscope").get("idleRelease", 10);
}

export function decorationsByDefault(): boolean {
  return vscode.workspace.getConfiguration("paramscope").get("decorations", false);
}

function wrong(name: string, value: string, form: string): never {
  throw new ParamscopeError(`The setting paramscope.${name} is ${JSON.stringify(value)}`, `Write ${form}.`);
}
