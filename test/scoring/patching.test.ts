import { afterAll, describe, expect, test } from "vitest";

import type { PatchingDocument } from "../../src/engine/document/document";
import type { ProgressParams } from "../../src/wire/protocol";
import { paramscope } from "../cli/session";
import { patchingOf, settings, startClient } from "./support";

const { client } = startClient();

afterAll(() => client.dispose());

const cat = { source: "a", text: "The cat sat on the" };
const dog = { source: "b", text: "The dog sat on the" };

describe("patching", () => {
  test("is the command line's own, and says how far it is", async () => {
    const progress: ProgressParams[] = [];
    const asked = { a: cat, b: dog, site: "mlp", answers: [" table", " c"], settings } as const;
    const document = await client.run(patchingOf(asked), { progress: (event) => progress.push(event) });
    const texts = ["--text", cat.text, "--text", dog.text];
    const { stdout } = await paramscope(["patch", ...texts, "--site", "mlp", "--answers", " table, c", "--json"]);
    const expected = JSON.parse(stdout) as PatchingDocument;
    expect(document.grid).toEqual(expected.grid);
    expect(document.nextTokens).toEqual(expected.nextTokens);
    expect(progress.map(({ share }) => share)).toEqual(progress.map(({ share }) => share).sort((a, b) => a - b));
    expect(progress.at(-1)?.share).toBe(1);
    expect(progress.at(-1)?.secondsLeft).toBe(0);
  });

  test("of a result's prompts takes their ids, whatever their text", async () => {
    const asked = { a: cat, b: dog, site: "residual", answers: [" table", " c"], settings } as const;
    const first = await client.run(patchingOf(asked));
    const again = { source: "a", text: "another text", tokens: first.a.tokens };
    const second = await client.run(patchingOf({ ...asked, a: again }));
    expect(second.values).toEqual(first.values);
  });

  test("of prompts of other lengths shows how both are cut into tokens", async () => {
    const asked = { a: cat, b: { source: "b", text: "The cat" }, site: "residual", settings } as const;
    await expect(client.run(patchingOf(asked))).rejects.toMatchObject({
      kind: "user",
      message: expect.stringMatching(
        /\nA has 6: "The" " c" "at" " sat" " on" " the"\nB has 3: "The" " c" "at"$/,
      ) as string,
    });
  });

  test("is estimated from sizes alone, and the run refused where the memory does not suffice", async () => {
    const patching = { a: cat, b: dog, site: "residual" } as const;
    expect(await client.estimate(patchingOf({ ...patching, settings }))).toBeNull();
    const long = { ...cat, text: cat.text.repeat(20) };
    const cost = await client.estimate(patchingOf({ ...{ ...patching, a: long, b: long }, settings }));
    expect(cost?.memory).toBeGreaterThan(cost?.leastMemory ?? Infinity);
    await expect(client.run(patchingOf({ ...patching, settings: { ...settings, memory: 1e6 } }))).rejects.toMatchObject(
      {
        kind: "user",
        remedy: expect.stringMatching(/ \(setting paramscope\.memoryBudget\)\.$/) as string,
      },
    );
  });
});
