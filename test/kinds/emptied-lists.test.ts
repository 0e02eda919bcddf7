import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { AnalysisDocument, ResultDocument } from "../../src/engine/document/document";
import { ParamscopeError } from "../../src/engine/errors";
import { kindOf } from "../../src/kinds/find-kind";
import { parseDocument } from "../../src/kinds/parse-document";
import { commandsOfKinds } from "../support/commands-of-kinds";
import { emptied } from "../support/emptied";
import { analysis } from "../cli/documents";
import { paramscope } from "../cli/session";

/* A list that a run never leaves empty is damage, and said to be where it is; with others empty all can be said of a document. */

test.each(Object.entries(commandsOfKinds))("of %s", async (_, command) => {
  const { stdout } = await paramscope([...command, "--json", "--quiet"]);
  const document = JSON.parse(stdout) as ResultDocument;
  expect(await parseDocument(stdout, "x")).toEqual(document);
  for (const { place, document: changed } of emptied(document)) {
    try {
      const read = await parseDocument(JSON.stringify(changed), "x");
      const { run } = kindOf(read);
      run?.purpose(read);
      for (const isFile of [true, false]) run?.askedOf?.(read, { title: "x", origins: [] }, isFile);
    } catch (error) {
      if (!(error instanceof ParamscopeError)) throw new Error(`${place}: ${String(error)}`, { cause: error });
      // of positions what is missing shows in figures that are one text
      const at = place.startsWith("positions.matrices") ? "positions.sums" : place.replaceAll("[]", "[0]");
      expect(error.message).toMatch(new RegExp(`^x is damaged at ${escaped(at)}(\\[0\\])?: (too small|invalid input)`));
    }
  }
});

const escaped = (text: string): string => text.replace(/[[\].]/g, String.raw`\$&`);

test.each([
  ["samples", (document: AnalysisDocument) => (document.samples.length = 0)],
  ["samples[0].tokens", (document: AnalysisDocument) => (document.samples[0].tokens.length = 0)],
])("a saved analysis without %s is not compared, and called damaged", async (place, damage) => {
  const path = join(tmpdir(), `paramscope-emptied-${process.pid}.paramscope`);
  const document = analysis();
  damage(document);
  await writeFile(path, JSON.stringify(document));
  const { code, stderr } = await paramscope(["compare", path, "samples/math", "--model", "models/demo", "--quiet"]);
  await rm(path);
  expect([code, stderr]).toEqual([
    1,
    `paramscope: ${path} is damaged at ${place}: too small: expected array to have >=1 items. Make it again with this version of Paramscope.\n`,
  ]);
});
