import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

import type { DomainsDocument } from "../../src/engine/document/document";
import type { DomainTexts } from "../../src/kinds/asked";
import type { LayerParams } from "../../src/wire/protocol";
import { paramscope } from "../cli/session";
import { domainsOf, repository, sample, settings, startClient } from "./support";

const { client } = startClient();

afterAll(() => client.dispose());

function domain(name: string): DomainTexts {
  const files = readdirSync(join(repository, "samples", name)).sort();
  return { name, texts: files.map((file) => sample(`${name}/${file}`)) };
}

const short = { ...settings, window: 16 };

describe("domains", () => {
  test("are the command line's own, and their layers come from the deepest to the first", async () => {
    const layers: LayerParams[] = [];
    const document = await client.run(
      domainsOf({ domains: [domain("french"), domain("math")], notes: ["One file was left out."], settings: short }),
      { layer: (layer) => layers.push(layer) },
    );
    const folders = ["samples/french", "samples/math"];
    const { stdout } = await paramscope(["domains", ...folders, "--window", "16", "--json"]);
    const expected = JSON.parse(stdout) as DomainsDocument;
    for (const part of ["pairs", "density", "significance", "contrastSignificance", "neurons"] as const)
      expect(document[part]).toEqual(expected[part]);
    expect(document.run.notes).toEqual([
      "One file was left out.",
      "The last of 3 texts of math was left out: another domain has 2.",
      "Of 4 of 4 texts only the first 16 tokens were taken.",
    ]);
    expect(layers.map(({ layer }) => layer)).toEqual([...document.significance.keys()].reverse());
    expect(layers.every(({ figures: { within, across } }) => within > 0 && across > 0)).toBe(true);
  });

  test("take at most as many texts of each as the settings say", async () => {
    const domains = [domain("fiction"), domain("math")];
    const document = await client.run(domainsOf({ domains, notes: [], settings: { ...short, maxSamples: 2 } }));
    expect(document.domains.map(({ texts }) => texts)).toEqual([2, 2]);
  });

  test("of one text are refused, as the engine words it", async () => {
    const domains = [domain("speeches"), domain("math")];
    await expect(client.run(domainsOf({ domains, notes: [], settings: short }))).rejects.toMatchObject({
      kind: "user",
      message: "speeches has one text, and texts within a domain are compared with each other.",
      remedy: "Put at least two texts into each folder.",
    });
  });
});
