import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as z from "zod";

import { Cache } from "../../src/engine/cache";
import { TemporaryFolder } from "./support/temporary-folder";

let temporary: TemporaryFolder;

beforeEach(() => {
  temporary = new TemporaryFolder();
  vi.stubEnv("XDG_CACHE_HOME", temporary.path);
});

afterEach(() => {
  vi.unstubAllEnvs();
  temporary.remove();
});

const cache = () => new Cache("numbers", z.object({ values: z.array(z.number()) }));
const folder = () => join(temporary.path, "paramscope", "numbers");

test("a measurement is there again by its name alone", async () => {
  await cache().set("one/../name with anything\n", { values: [1, 2] });
  expect(await cache().get("one/../name with anything\n")).toEqual({ values: [1, 2] });
  expect(await cache().get("another")).toBeUndefined();
});

test("what was changed in its file, however little, is not taken", async () => {
  await cache().set("a", { values: [1, 2, 3] });
  const [file] = readdirSync(folder());
  const whole = readFileSync(join(folder(), file), "utf8");
  for (const changed of [whole.replace("[1,2,3]", "[1,2]"), whole.replace("3]", "4]"), whole.slice(0, 20), "{}", ""]) {
    writeFileSync(join(folder(), file), changed);
    expect(await cache().get("a")).toBeUndefined();
  }
  writeFileSync(join(folder(), file), whole);
  expect(await cache().get("a")).toEqual({ values: [1, 2, 3] });
});

test("of many the 64 that were used last stay", async () => {
  for (let i = 0; i < 70; i++) await cache().set(String(i), { values: [i] });
  expect(readdirSync(folder()).length).toBe(64);
  expect(await cache().get("69")).toEqual({ values: [69] });
});
