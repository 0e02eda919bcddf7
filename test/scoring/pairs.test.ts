import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

import type { PairsDocument } from "../../src/engine/document/document";
import { choosePairs } from "../../src/engine/pairs/choose-pairs";
import { readPairs } from "../../src/engine/pairs/read-pairs";
import type { LayerParams } from "../../src/wire/protocol";
import { paramscope } from "../cli/session";
import { pairsOf, repository, settings, startClient } from "./support";

const { client } = startClient();

afterAll(() => client.dispose());

describe("sentence pairs", () => {
  test("are the command line's own, and rho comes from the deepest layer to the first", async () => {
    const table = "test/data/stsb-dev-100.tsv";
    const { pairs } = readPairs(readFileSync(join(repository, table), "utf8"), table);
    const template = 'Of "{text}":';
    const layers: LayerParams[] = [];
    const document = await client.run(
      pairsOf({
        pairs: choosePairs(pairs, { limit: 6 }),
        source: table,
        template,
        notes: ["Six were taken."],
        settings,
      }),
      { layer: (layer) => layers.push(layer) },
    );
    const { stdout } = await paramscope(["pairs", table, "--limit", "6", "--template", template, "--json"]);
    const expected = JSON.parse(stdout) as PairsDocument;
    expect(document.pairs).toEqual(expected.pairs);
    expect(document).toEqual({ ...expected, run: document.run });
    expect(document.run.notes).toContain("Six were taken.");
    expect(layers.map(({ layer }) => layer)).toEqual([...document.spearman.layers.keys()].reverse());
    expect(layers.map(({ figures }) => figures.spearman)).toEqual([...document.spearman.layers].reverse());
  });
});
