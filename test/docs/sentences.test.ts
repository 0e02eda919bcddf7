import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { repository } from "../scoring/support";

/* docs/sentences.md has every function that says something of a result, and each is tried in a test. */

const format = join(repository, "src/format");
const sayers = readdirSync(format).flatMap((file) =>
  [...readFileSync(join(format, file), "utf8").matchAll(/^export function (\w+)/gm)]
    .flatMap(([, name]) => name ?? [])
    .filter((name) => /(sentences?|finding|partingLines)$/i.test(name))
    .map((name) => `${file}: ${name}`),
);
const page = readFileSync(join(repository, "docs/sentences.md"), "utf8");
const listed = new Set([...page.matchAll(/`([\w-]+\.ts: \w+)`/g)].flatMap(([, name]) => name ?? []));

test("the table of sentences has every function that says one, and no other", () => {
  expect([...listed].sort()).toEqual([...sayers].sort());
});

test("each of them is called in a test", () => {
  const folders = ["format", "webview"].map((folder) => join(repository, "test", folder));
  const tests = folders
    .flatMap((folder) => readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8")))
    .join("\n");
  const untried = sayers.filter((sayer) => {
    const name = sayer.split(": ")[1];
    return !new RegExp(`\\b${name}\\(`).test(tests);
  });
  expect(untried).toEqual([]);
});
