import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";
import { declarationOf } from "../../../scripts/kernels.mjs";

const IMPORT = /from "(\.\/kernels\/[^"]+)\.wasm"/g;
const engine = "src/engine";

/** The sources whose WebAssembly is imported somewhere. */
const sources = readdirSync(engine, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => join(engine, file))
  .flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(IMPORT)].map(([, module = ""]) => `${join(dirname(file), module)}.ts`),
  );

test("there are kernels", () => {
  expect(sources).not.toEqual([]);
});

test.each(sources)("%s exports what is declared of it", async (source) => {
  await expect(await declarationOf(source)).toMatchFileSnapshot(resolve(source.replace(/\.ts$/, ".d.wasm.ts")));
});
