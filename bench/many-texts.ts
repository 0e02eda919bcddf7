import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { analyze, openModel } from "../src/engine/index";
import { median } from "../src/engine/numbers/statistics";
import { defaults } from "../src/engine/run/defaults";
import { collectTexts } from "../src/engine/text/collect";
import { formSamples } from "../src/engine/text/form-samples";
import { fixed } from "./fixed";
import { childOf } from "./measure";
import type { PartRun } from "./part";
import { benchTexts, demoModel } from "./texts";

const COUNT = 20_000;
const FOLDERS = 250;

export interface ManyTextsTask {
  readonly kind: "many texts";
  readonly path: string;
  readonly texts: string;
}

/** Seconds from the start of the process. */
interface Moments {
  readonly read: number;
  readonly tokenized: number;
  readonly progress: number;
}

/** What 20,000 small texts take until a run over them computes. */
export async function measureManyTexts({ report, real, rounds, progress }: PartRun): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "paramscope-bench-"));
  try {
    const inputs = await writeTexts(folder);
    const models = [["bundled model", demoModel], ...(real === undefined ? [] : [["SmolLM2-135M", real]])] as const;
    const cases = models.flatMap(([model, path]) => inputs.map(({ what, texts }) => ({ model, path, what, texts })));
    const measured = cases.map((one) => ({
      ...one,
      alone: [] as number[],
      plan: [] as number[],
      moments: [] as Moments[],
    }));
    for (let round = 0; round < rounds; round++)
      for (const one of measured) {
        progress(`${one.what}, ${one.model}, round ${round + 1} of ${rounds}`);
        one.alone.push(secondsOf(() => readAll(one.texts)));
        one.plan.push(await secondsToPlan(one));
        one.moments.push(
          JSON.parse(await childOf({ kind: "many texts", path: one.path, texts: one.texts })) as Moments,
        );
      }
    report.table(
      `${COUNT} texts of 20 to 300 characters: seconds from the start of the process`,
      [
        "",
        "files read, by themselves",
        "`estimate analyze`, whole",
        "`analyze`: texts read",
        "tokenized",
        "first progress",
      ],
      measured.map(({ what, model, alone, plan, moments }) => [
        `${what}, ${model}`,
        ...[
          alone,
          plan,
          ...(["read", "tokenized", "progress"] as const).map((name) => moments.map((one) => one[name])),
        ].map((seconds) => fixed(median(seconds))),
      ]),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The texts in many folders, in one, and as the lines of one file, which is one text of many windows. */
async function writeTexts(folder: string): Promise<readonly { readonly what: string; readonly texts: string }[]> {
  const texts = (await benchTexts(COUNT)).map((text, i) => text.slice(0, 20 + ((97 * i) % 281)));
  const [many, one, lines] = [join(folder, "many"), join(folder, "one"), join(folder, "lines.jsonl")];
  await mkdir(one);
  for (let i = 0; i < FOLDERS; i++) await mkdir(join(many, `${i}`), { recursive: true });
  for (const [i, text] of texts.entries()) {
    await writeFile(join(many, `${i % FOLDERS}`, `${i}.txt`), text);
    await writeFile(join(one, `${i}.txt`), text);
  }
  await writeFile(lines, texts.map((text) => `${JSON.stringify({ text })}\n`).join(""));
  return [
    { what: `files in ${FOLDERS} folders`, texts: many },
    { what: "files in one folder", texts: one },
    { what: "lines of one file", texts: lines },
  ];
}

/** What no program reads them quicker than: every file of a folder, or a file. */
function readAll(path: string): void {
  try {
    for (const entry of readdirSync(path, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) readFileSync(join(entry.parentPath, entry.name));
  } catch {
    readFileSync(path);
  }
}

function secondsOf(run: () => void): number {
  const start = performance.now();
  run();
  return (performance.now() - start) / 1000;
}

async function secondsToPlan({ path, texts }: { readonly path: string; readonly texts: string }): Promise<number> {
  const start = performance.now();
  await promisify(execFile)(process.execPath, [join("dist", "cli.cjs"), "estimate", "analyze", texts, "--model", path]);
  return (performance.now() - start) / 1000;
}

/** In a process of its own: an analysis until the first that it tells of. */
export async function runManyTexts({ path, texts: input }: ManyTextsTask): Promise<Moments> {
  const now = (): number => performance.now() / 1000;
  const { texts } = await collectTexts([{ kind: "path", path: input }]);
  const read = now();
  const model = await openModel(path);
  const { window, maxSamples, share } = defaults;
  const set = formSamples(texts, model.tokenizer, { window, maxSamples, context: model.context });
  const tokenized = now();
  for await (const { type } of analyze({ model, set, target: { kind: "spread" }, threshold: { mode: "share", share } }))
    if (type === "progress") break;
  const progress = now();
  await model.close();
  return { read, tokenized, progress };
}
