import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parsePythonJson } from "../../../../src/engine/model/formats/read-json";
import { openModel } from "../../../../src/engine/model/model";
import { ModelCopy } from "../../support/model-copy";

test("numbers that Python writes and the standard has not are read, and words in strings stay", () => {
  const text = `{"a": NaN, "b": [Infinity,-Infinity, 1e5], "c": "NaN, \\"Infinity\\" and -Infinity", "Infinity": {"NaN": NaN}}`;
  expect(parsePythonJson(text)).toEqual({
    a: NaN,
    b: [Infinity, -Infinity, 1e5],
    c: 'NaN, "Infinity" and -Infinity',
    Infinity: { NaN },
  });
});

test.each(["{", '{"a": Nan}', '{"a": NaN', "{'a': Infinity}", '{"a": +Infinity}', '{"a": "NaN}', "NaN NaN"])(
  "%s is no JSON",
  (text) => {
    expect(() => parsePythonJson(text)).toThrow(SyntaxError);
  },
);

test("a model whose configuration holds Infinity and NaN opens", async () => {
  const copy = await ModelCopy.of("llama", { config: (config) => ({ ...config, note: "FIRST", other: "SECOND" }) });
  const path = join(copy.path, "config.json");
  const text = readFileSync(path, "utf8");
  writeFileSync(path, text.replace('"FIRST"', "Infinity").replace('"SECOND"', "NaN"));
  const model = await openModel(copy.path);
  expect(model.checkpoint.config).toMatchObject({ note: Infinity, other: NaN });
  expect(await model.identity()).toMatch(/^sha256/);
  await model.close();
  await copy.remove();
});
