import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

import { defaults, defaultThreshold } from "../../../src/engine/run/defaults";

interface Manifest {
  readonly contributes: {
    readonly configuration: { readonly properties: Record<string, { readonly default: unknown }> };
  };
}

test("the editor's settings have the same defaults as the command line", () => {
  const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
  const { properties } = manifest.contributes.configuration;
  const defaultOf = (name: string): unknown => properties[`paramscope.${name}`]?.default;
  expect({
    target: defaultOf("target"),
    threshold: defaultOf("threshold"),
    window: defaultOf("window"),
    maxSamples: defaultOf("maxSamples"),
    chat: defaultOf("chatTemplate"),
  }).toEqual({
    target: defaults.target,
    threshold: defaultThreshold,
    window: defaults.window,
    maxSamples: defaults.maxSamples,
    chat: defaults.chat,
  });
});
