import * as vscode from "vscode";

import { readBytes, readThreshold } from "../format/quantities";
import { ParamscopeError } from "../engine/errors";
import type { RunSettings } from "../wire/protocol";
import { settingDefaults, type Settings } from "./setting-table";

/** The value of a setting. */
export function setting<Name extends keyof Settings>(name: Name): Settings[Name] {
  return vscode.workspace.getConfiguration("paramscope").get(name, settingDefaults[name]);
}

/** What the user has set, but for the model. */
export function runSettings(): Omit<RunSettings, "model"> {
  const [threshold, memory, threads, runtime] = [
    setting("threshold"),
    setting("memoryBudget"),
    setting("threads"),
    setting("runtime"),
  ];
  return {
    target: setting("target"),
    threshold: readThreshold(threshold) ?? wrong("threshold", threshold, "a share, 10%, or an activation, 5e-6"),
    window: setting("window"),
    maxSamples: setting("maxSamples"),
    chat: setting("chatTemplate"),
    typicalText: setting("typicalText"),
    memory: memory.trim() === "" ? undefined : (readBytes(memory) ?? wrong("memoryBudget", memory, "a size, 2GiB")),
    threads: threads > 0 ? threads : undefined,
    runtime: runtime === "auto" ? undefined : runtime,
    provider: setting("executionProvider"),
    tensorflowFolder: setting("tensorflowFolder").trim() || undefined,
  };
}

/** After how many seconds without use a model is let go. */
export function idleSeconds(): number {
  return 60 * setting("idleRelease");
}

function wrong(name: keyof Settings, value: string, form: string): never {
  throw new ParamscopeError(`The setting paramscope.${name} is ${JSON.stringify(value)}`, `Write ${form}.`);
}
