import { spawnSync } from "node:child_process";
import { access, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { PairsRequest, SentencePair } from "../../../src/engine/api";
import { relevance } from "../../../src/engine/compare/deep-layers";
import type { PairsDocument } from "../../../src/engine/document/document";
import { shortName } from "../../../src/engine/leftovers";
import { parseDocument } from "../../../src/kinds/parse-document";
import { openModel, type Model } from "../../../src/engine/model/model";
import { pairs } from "../../../src/engine/pairs/pairs";
import { spearman } from "../../../src/engine/numbers/spearman";
import { ModelCopy } from "../support/model-copy";
import { fixturePath, fixtureReference } from "../support/reference";
import { resultOf } from "../support/reference-values";
import { maxLogit } from "../support/sweeping";

const fixture = "llama";
const { texts, pairs: reference } = fixtureReference(fixture);

let model: Model;

beforeAll(async () => {
  model = await openModel(fixturePath(fixture));
});

afterAll(async () => {
  await model.close();
});

async function run(sentences: readonly SentencePair[], options: Partial<PairsRequest> = {}): Promise<PairsDocument> {
  const request = { model, target: maxLogit, threads: 1, source: "own.csv", window: 512, seed: 0, contrast: true };
  return (await resultOf(pairs({ ...request, pairs: sentences, ...options }))).document;
}

const paired = (list: readonly (readonly [number, number])[]): SentencePair[] =>
  list.map(([a, b], i) => ({ a: texts[a], b: texts[b], score: i }));

describe("a long run of pairs", () => {
  const list = paired([
    [0, 1],
    [1, 2],
    [2, 3],
  ]);
  let folder = "";
  let file = "";

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "paramscope-"));
    file = join(folder, "run.resume");
  });

  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  async function stopAfter(layers: number, path = file): Promise<void> {
    const request = { model, target: maxLogit, threads: 1, source: "own.csv", window: 512, seed: 0, contrast: true };
    let done = 0;
    // a layer is kept before the next event comes
    for await (const event of pairs({ ...request, pairs: list, resume: path }))
      if (event.type === "progress" && event.phase === "backward" && ++done === layers) return;
  }

  test("that was stopped goes on, and comes to the same", async () => {
    const whole = await run(list);
    await stopAfter(2);
    const layers: number[] = [];
    const request = { model, target: maxLogit, threads: 1, source: "own.csv", window: 512, seed: 0, contrast: true };
    let resumed: PairsDocument | undefined;
    for await (const event of pairs({ ...request, pairs: list, resume: file })) {
      if (event.type === "layer") layers.push(event.layer);
      if (event.type === "done") resumed = event.result.document;
    }
    // those that were done are told first
    expect(layers).toEqual(Array.from({ length: model.layers }, (_, i) => model.layers - 1 - i));
    expect(resumed).toEqual({ ...whole, run: resumed?.run });
    await expect(access(file)).rejects.toThrow("ENOENT");
  });

  test("that was killed while it kept how far it is leaves nothing behind the run that goes on", async () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    for (const name of [`run.resume.${pid}.tmp`, `other.resume.${pid}.tmp`]) await writeFile(join(folder, name), "{");
    await stopAfter(1);
    expect(await readdir(folder)).toEqual([`other.resume.${pid}.tmp`, "run.resume"]);
    await rm(join(folder, `other.resume.${pid}.tmp`));
    await rm(file);
  });

  test.runIf(process.platform === "linux")("is kept in a file of the longest name that there is", async () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    for (const name of ["n".repeat(255), "n".repeat(248), "名".repeat(80)]) {
      await writeFile(join(folder, `${shortName(name)}.${pid}.tmp`), "{");
      await stopAfter(1, join(folder, name));
      expect(await readdir(folder)).toEqual([name]);
      await rm(join(folder, name));
    }
  });

  test("goes on from a folder, where nobody named a file, and passes over what is damaged or old", async () => {
    const own = join(folder, "runs");
    const request = { model, target: maxLogit, threads: 1, source: "own.csv", window: 512, seed: 0, contrast: true };
    const start = () => pairs({ ...request, pairs: list, resume: { folder: own } });
    // as if every layer took longer than a run that keeps nothing
    const clock = vi.spyOn(performance, "now");
    let now = 0;
    clock.mockImplementation(() => (now += 11_000));
    try {
      let done = 0;
      for await (const event of start())
        if (event.type === "progress" && event.phase === "backward" && ++done === 2) break;
      const [name] = await readdir(own);
      expect(name).toMatch(/^[0-9a-f]{64}\.resume$/);
      const kept = await readFile(join(own, name));
      const phases: string[] = [];
      for await (const event of start()) phases.push(event.type === "progress" ? event.phase : event.type);
      expect(phases.slice(0, 3)).toEqual(["layer", "layer", "forward"]);
      expect(await readdir(own)).toEqual([]);

      await writeFile(join(own, name), kept.subarray(0, -4));
      await writeFile(join(own, "old.resume"), "");
      await utimes(join(own, "old.resume"), 0, 0);
      expect((await resultOf(start())).document.pairs).toEqual((await run(list)).pairs);
      expect(await readdir(own)).toEqual([]);
    } finally {
      clock.mockRestore();
    }
    await resultOf(start());
    expect(await readdir(own), "a short run leaves nothing").toEqual([]);
  });

  test("does not go on with another's, or with a file that is damaged", async () => {
    await stopAfter(1);
    await expect(run(list, { resume: file, template: "So: {text}" })).rejects.toThrow(
      `${file} is of another run: its model, texts or options differ.`,
    );
    const copy = await ModelCopy.tuned("llama");
    const tuned = await openModel(copy.path);
    try {
      await expect(run(list, { resume: file, model: tuned })).rejects.toThrow(`${file} is of another run`);
    } finally {
      await tuned.close();
      await copy.remove();
    }
    const bytes = await readFile(file);
    for (const damaged of [bytes.subarray(0, -4), bytes.subarray(1), Buffer.from("text"), Buffer.alloc(0)]) {
      await writeFile(file, damaged);
      await expect(run(list, { resume: file })).rejects.toThrow(`${file} is not a file to resume from, or is damaged.`);
    }
  });
});

describe("sentence pairs", () => {
  test("have the similarities of the reference", async () => {
    const document = await run(paired(reference.map(({ a, b }) => [a, b])));
    expect(document.texts).toBe(texts.length);
    document.pairs.forEach(({ similarity, relevance: mean }, pair) => {
      similarity.forEach((value, layer) => {
        expect(Math.abs(value / reference[pair].similarity[layer] - 1)).toBeLessThan(2e-3);
      });
      expect(mean).toBeCloseTo(relevance(similarity, document.deep), 12);
    });
    document.spearman.layers.forEach((rho, layer) => {
      const values = document.pairs.map(({ similarity }) => similarity[layer]);
      expect(rho).toBe(
        spearman(
          values,
          document.pairs.map(({ score }) => score),
        ),
      );
    });
    expect(await parseDocument(JSON.stringify(document), "saved")).toEqual(document);
  });

  test("are the same with more texts than a small group holds, and of a text with itself 1", async () => {
    const many = Array.from({ length: 9 }, (_, i) => `${texts[0]} ${i}`);
    const star = many.map((text, i): SentencePair => ({ a: texts[0], b: text, score: i }));
    const few = await run(star.slice(0, 3), { contrast: false });
    const all = await run([...star, { a: texts[0], b: texts[0], score: 9 }], { contrast: false });
    expect(all.run.notes).toEqual([]);
    few.pairs.forEach(({ similarity }, pair) => {
      similarity.forEach((value, layer) => {
        expect(all.pairs[pair].similarity[layer]).toBeCloseTo(value, 5);
      });
    });
    for (const value of all.pairs[9].similarity) expect(value).toBeCloseTo(1, 5);
    expect(all.pairs[0].contrast).toBeNull();
    expect(all.contrastSpearman).toBeNull();
  });

  test("stand in the template", async () => {
    const list = paired([
      [0, 1],
      [1, 2],
      [2, 0],
    ]);
    const wrapped = await run(list, { template: "So: {text}!" });
    const written = await run(list.map(({ a, b, score }) => ({ a: `So: ${a}!`, b: `So: ${b}!`, score })));
    expect(wrapped.template).toBe("So: {text}!");
    expect(wrapped.pairs.map(({ similarity }) => similarity)).toEqual(
      written.pairs.map(({ similarity }) => similarity),
    );
    expect(wrapped.pairs[0].a).toBe(texts[0]);
  });

  test("longer than the window are cut, which is said", async () => {
    const document = await run(
      paired([
        [0, 1],
        [1, 2],
        [2, 0],
      ]),
      { window: 4 },
    );
    expect(document.run.notes.join()).toMatch(/sentences only the first 4 tokens were taken\./);
  });

  test("of one score have no order to follow", async () => {
    const pairs = paired([
      [0, 1],
      [1, 2],
      [2, 0],
    ]).map((pair) => ({ ...pair, score: 4 }));
    await expect(run(pairs)).rejects.toThrow(
      "All 3 pairs of own.csv have the score 4: there is no order that likeness could follow.",
    );
  });

  test.each([
    [2, {}, "own.csv gives 2 pairs, and a correlation needs at least 3."],
    [3, { template: "no place" }, 'The template "no place" has no {text}.'],
  ])("%i with %j: %s", async (count, options, message) => {
    await expect(run(paired([...Array(count).keys()].map((i) => [i, (i + 1) % 3])), options)).rejects.toThrow(message);
  });
});
