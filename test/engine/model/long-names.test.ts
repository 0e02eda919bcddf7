import { readFileSync } from "node:fs";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ParamscopeError } from "../../../src/engine/errors";
import { openModel } from "../../../src/engine/model/model";
import { fixturePath } from "../support/reference";

/* Whatever a model's files say at length, what is said of it is a line to be read. */

const LONG = 20_000;
const MOST = 700;
const parts = (json: unknown): Record<string, unknown> => json as Record<string, unknown>;

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-long-"));
  await cp(fixturePath("llama"), folder, { recursive: true });
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** The places of all values of a JSON object, down to a depth: what vocabularies have is passed over. */
function* places(value: Record<string, unknown>, depth = 5): Generator<[Record<string, unknown>, string], void, void> {
  for (const [key, field] of Object.entries(value).slice(0, 60)) {
    yield [value, key];
    if (depth > 0 && typeof field === "object" && field !== null) yield* places(parts(field), depth - 1);
  }
}

const values = ["x".repeat(LONG), Array.from({ length: LONG }, () => "x"), { type: "y".repeat(LONG) }];

test.each(["config.json", "tokenizer.json", "tokenizer_config.json"])(
  "%s with a long value in any place is opened, or refused in a short line",
  { timeout: 60_000 },
  async (file) => {
    const text = readFileSync(join(fixturePath("llama"), file), "utf8");
    const count = [...places(parts(JSON.parse(text)))].length;
    const long: string[] = [];
    for (let at = 0; at < count; at++)
      for (const value of values) {
        const json = parts(JSON.parse(text));
        const [object, key] = [...places(json)][at] ?? [{}, ""];
        object[key] = value;
        await writeFile(join(folder, file), JSON.stringify(json));
        try {
          const model = await openModel(folder);
          await model.close();
        } catch (error) {
          if (!(error instanceof ParamscopeError)) long.push(`${key}: ${String(error).slice(0, 200)}`);
          else if (error.message.length > MOST + folder.length) long.push(`${key}: ${error.message.slice(0, 200)}`);
        }
      }
    await writeFile(join(folder, file), text);
    expect(long).toEqual([]);
  },
);
