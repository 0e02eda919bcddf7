import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { parseJson } from "../../src/kinds/parse-json";

/* Texts and their bytes in turns are what JSON.parse makes of them at once: the same values, and the same texts refused. */

/** Longer than what is read at once, cut at whatever place. */
const long = (between = "") =>
  `{"a":[${Array.from({ length: 12_000 }, (_, i) => `{"i":${i},"s":"\\"},[{${between}"}`).join(",")}]}`;

async function outcome(text: string): Promise<unknown> {
  const read = async (json: string | Uint8Array): Promise<unknown> =>
    await parseJson(json).catch((error: unknown) => (error instanceof SyntaxError ? "refused" : error));
  const outcome = await read(text);
  // halves of characters have no bytes
  const bytes = new TextEncoder().encode(text);
  if (new TextDecoder().decode(bytes) === text) expect(await read(bytes)).toEqual(outcome);
  return outcome;
}

function expected(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return "refused";
  }
}

describe("a text that is read in turns", () => {
  test.each<[string, string]>([
    ["a list of objects", long()],
    ["a list of numbers", `[${Array.from({ length: 300_000 }, (_, i) => i / 7).join(",")}]`],
    ["lists inside each other", `[[1],${long()},[[${long()}]],{"x":[2,${long()}],"y":{"z":${long()}}}]`],
    ["spaces everywhere", JSON.stringify(JSON.parse(long()), undefined, 3)],
    ["one string", JSON.stringify(`\\"${"x".repeat(1_000_000)}`)],
    ["characters of all lengths", JSON.stringify({ é: "a漢😀é".repeat(200_000), b: ["😀漢".repeat(50_000)] })],
    ["one number behind spaces", `${" ".repeat(500_000)}12`],
    ["a key twice", `{"k":1,"l":${long()},"k":${long()},"l":2}`],
    ["a key of another meaning", `{"__proto__":${long()},"a":{"__proto__":1},"constructor":${long()}}`],
  ])("is the same: %s", async (_, text) => {
    const value = await outcome(text);
    expect(value).toEqual(JSON.parse(text));
    expect(JSON.stringify(value).length).toBe(JSON.stringify(JSON.parse(text)).length);
    expect(Object.getPrototypeOf(Object(value))).toBe(Object.getPrototypeOf(Object(JSON.parse(text))));
  });

  const [head, tail] = [`{"a":[${long()},`, `${long()}],"b":${long()}}`];
  test.each([
    ...[`${head}${tail}x`, `${head},${tail}`, `${head}1 ${tail}`, `${head}${tail.slice(0, -1)}`, `${head}${tail}}`],
    ...[`${head}${tail.slice(0, -1)},}`, `x${head}${tail}`, `${head}${tail.slice(0, -2)}]}`, `${long()}${long()}`],
    ...[
      `${long()},`,
      `[${long()}}`,
      `[${long()},]`,
      `[,${long()}]`,
      `{"a" ${long()}}`,
      `{${long()}}`,
      `{"a":1 "b":${long()}}`,
    ],
    ...[`[${long()} 1]`, `[${long()}[1]]`, `[1 ${long()}]`, `"${long("\n")}`, long("\n"), `${long()}"`],
  ])("is refused as at once (%#)", async (text) => {
    expect(expected(text)).toBe("refused");
    expect(await outcome(text)).toBe("refused");
  });

  test("is the same for any value, and any text with something changed", async () => {
    const ballast = long();
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.nat(), fc.constantFrom(...'"[]{},:\\ 1'), async (value, at, mark) => {
        const text = `[${JSON.stringify(value)},${ballast},${JSON.stringify(value)}]`;
        expect(await outcome(text)).toEqual(JSON.parse(text));
        const place = at % 2 === 0 ? at % text.length : text.length - (at % 200);
        const changed = text.slice(0, place) + mark + text.slice(place + (at % 3));
        expect(await outcome(changed)).toEqual(expected(changed));
      }),
      { numRuns: 60, seed: 18 },
    );
  });

  test("that is deeper than any document is refused, and takes no memory for that", async () => {
    expect(await outcome("[".repeat(1_000_000))).toBe("refused");
    expect(await outcome(`${"[".repeat(100)}${long()}${"]".repeat(100)}`)).toBe("refused");
  });

  test("lets others have their turn", async () => {
    const text = `[${Array.from({ length: 40 }, () => long()).join(",")}]`;
    let longest = 0;
    let last = performance.now();
    const looking = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    const started = performance.now();
    await parseJson(new TextEncoder().encode(text));
    const took = performance.now() - started;
    clearInterval(looking);
    // on a machine that does other things too
    expect(longest).toBeLessThan(Math.max(100, took / 4));
  });
});
