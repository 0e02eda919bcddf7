import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { ScoringClient, type ScoringClientOptions } from "../../src/scoring/client";
import type { RunSettings, TextSource } from "../../src/scoring/protocol";

export const repository = fileURLToPath(new URL("../..", import.meta.url));

export const settings: RunSettings = {
  model: join(repository, "models/demo"),
  target: "max-logit",
  threshold: { mode: "share", share: 0.1 },
  window: 512,
  maxSamples: 64,
  chat: false,
};

export function sample(path: string): TextSource {
  return { source: path, text: readFileSync(join(repository, "samples", path), "utf8") };
}

/** Texts that take a few seconds together. */
export const manyTexts: readonly TextSource[] = Array.from({ length: 24 }, (_, index) => ({
  source: `copy ${index}`,
  text: sample("fiction/harbour.txt").text,
}));

/** A client of the built worker; what it logs is in `lines`. */
export function startClient(options: Partial<ScoringClientOptions> = {}): { client: ScoringClient; lines: string[] } {
  const lines: string[] = [];
  const worker = join(repository, "dist/worker.cjs");
  return { client: new ScoringClient({ worker, log: (line) => lines.push(line), ...options }), lines };
}
