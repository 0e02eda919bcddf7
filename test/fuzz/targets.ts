import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { analyze, openModel, parseTarget } from "../../src/engine/index";
import { ChatTemplate } from "../../src/engine/model/chat-template/chat-template";
import { TemplateError } from "../../src/engine/model/chat-template/template-error";
import { toValue } from "../../src/engine/model/chat-template/to-value";
import { choosePairs } from "../../src/engine/pairs/choose-pairs";
import { readPairs } from "../../src/engine/pairs/read-pairs";
import { ResumeFile } from "../../src/engine/run/resume-file";
import { collectTexts } from "../../src/engine/text/collect";
import { formSamples } from "../../src/engine/text/form-samples";
import { csv, tabSeparated } from "../../src/format/csv";
import { kindOf } from "../../src/kinds/find-kind";
import { parseDocument } from "../../src/kinds/parse-document";
import { reportPage } from "../../src/report/page";
import { convertedFixtures, convertToGguf } from "../engine/support/convert-to-gguf";
import { mutateBytes, mutateJson, mutateText, oneOf, type Random } from "./mutate";

/** Makes an input and takes it through the program, as far as it goes. @throws what the program throws. */
export type FuzzTarget = (random: Random, folder: string) => Promise<void>;

const fixtures = readdirSync("test/fixtures").filter((name) => !name.includes("quantized"));
const TEXTS = [
  "The river rose in the night.",
  "a",
  "\ud800\u202e\0 ",
  "🙂".repeat(40),
  "12 + 12\r\n\r\n= 24 ",
  "x".repeat(300),
];

/** Opens a model and analyses a text with it. */
async function analysed(path: string, random: Random): Promise<void> {
  const model = await openModel(path);
  try {
    const { tokenizer, context } = model;
    const texts = [{ source: "text", text: oneOf(random, TEXTS) }];
    const chat = tokenizer.chatTemplate !== undefined && random() < 0.3;
    const set = formSamples(texts, tokenizer, { window: 32, maxSamples: 2, context, chat });
    for (const id of set.samples.flatMap(({ ids }) => [...ids])) tokenizer.tokenText(id);
    const target = parseTarget(oneOf(random, ["spread", "max-logit", "loss"]), tokenizer);
    const threshold = { mode: "share", share: 0.1 } as const;
    for await (const event of analyze({ model, set, target, threshold, memory: 2 ** 30 }))
      if (event.type === "done") JSON.stringify(event.result.document);
  } finally {
    await model.close();
  }
}

/** A copy of a good model's folder in which one file is changed. */
function changedFile(name: string, change: (bytes: Buffer, random: Random) => string | Buffer): FuzzTarget {
  return async (random, folder) => {
    const path = join(folder, "model");
    rmSync(path, { recursive: true, force: true });
    cpSync(join("test/fixtures", oneOf(random, fixtures)), path, { recursive: true });
    const file = readdirSync(path).find((entry) => entry === name);
    if (file === undefined) return;
    writeFileSync(join(path, file), change(readFileSync(join(path, file)), random));
    await analysed(path, random);
  };
}

const changedJson = (bytes: Buffer, random: Random): string => {
  const json: unknown = JSON.parse(bytes.toString("utf8"));
  return random() < 0.9 ? JSON.stringify(mutateJson(json, random)) : mutateText(bytes.toString("utf8"), random);
};

const TEMPLATES = [
  "{% for message in messages %}<|{{ message.role }}|>{{ message['content'] | trim }}{% if loop.last %}</s>{% endif %}{% endfor %}",
  "{% set ns = namespace(a=1) %}{% for i in range(3) %}{% set ns.a = ns.a * 2 %}{{ ns.a ~ i }}{% endfor %}{{ messages | tojson(indent=2) }}",
  "{% macro m(x, y='z') %}{{ x[::-1] }}{{ y | upper | replace('a', 'b') }}{% endmacro %}{{ m(messages[0].content) }}{{ raise_exception('no') }}",
  "{{ '%s %5.2f' | format('a', 1.5) }}{{ 'a,b'.split(',') | join('-') }}{{ messages | map(attribute='role') | list | length }}{{ 2 ** 10 // 3 }}",
];
const OPERATORS = [
  " * 99999",
  " ** 9",
  " | list",
  "[0]",
  ".x.y",
  " ~ ' '",
  " | center(99)",
  ".__class__",
  "()",
  " in messages",
  " | sort",
  " | batch(2) | list",
];

const template: FuzzTarget = (random) => {
  let source = oneOf(random, TEMPLATES);
  for (let changes = Math.ceil(3 * random()); changes > 0; changes--)
    if (random() < 0.5) source = mutateText(source, random);
    else source = source.replace(/\s?\}\}/, () => `${oneOf(random, OPERATORS)} }}`);
  const messages = [{ role: "user", content: oneOf(random, TEXTS) }];
  try {
    new ChatTemplate(source).render([["messages", toValue(messages)]]);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
  }
  return Promise.resolve();
};

/** A document of a kind, of which scripts/fuzz.mjs has made one by the command: read, and written as everything that is made of one. */
function document(file: string): FuzzTarget {
  const good: unknown = JSON.parse(readFileSync(file, "utf8"));
  return async (random) => {
    const text = JSON.stringify(mutateJson(good, random));
    const read = await parseDocument(random() < 0.9 ? text : mutateText(text, random), "fuzzed");
    const kind = kindOf(read);
    kind.heading(read);
    kind.run?.purpose(read);
    for (const isFile of [true, false]) kind.run?.askedOf?.(read, { title: "", origins: [] }, isFile);
    for (const table of [kind.table(read), kind.readable(read)]) {
      csv(table);
      tabSeparated(table);
    }
    const page = reportPage(read, "dist/webview");
    const [, state] = /<script type="application\/json"[^>]*>(.*?)<\/script>/.exec(page) ?? [];
    JSON.parse(state);
  };
}

const TABLES = [
  'sentence1\tsentence2\tscore\na b\tc d\t1.5\n"e\tf\t2\n',
  'a,b,score\n"x, ""y""",z,3\nq,r,0.5\n',
  "pair_ID\tsentence_A\tsentence_B\trelatedness_score\tentailment\r\n1\ta b\tc d\t4.5\tNEUTRAL\r\n",
  "main-captions\tMSRvid\t2012test\t0000\t5.000\ta b\tc d\nmain-news\tx\ty\t1\t0.2\te f\tg h\n",
  'first,second,how alike\r\n"a\r\nb",c,1\r\n',
];

/** A table of pairs as its reader takes it: with tabs or commas, with a header that is known, with columns that are named, without. */
const table: FuzzTarget = (random) => {
  const columns = random() < 0.3 ? (["first", "second", "how alike"] as const) : undefined;
  const { pairs } = readPairs(mutateText(oneOf(random, TABLES), random), "pairs.csv", columns);
  const limit = oneOf(random, [1, 2, 100]);
  const rows = choosePairs(pairs, { limit }).map(({ a, b, score }) => [String(a), String(b), score]);
  csv({ columns: [{ title: "a" }, { title: "b" }, { title: "score" }], rows });
  return Promise.resolve();
};

const RULES = ["*.log\n/build/\n!keep.log\n", "**/a/**/*.txt\n[a-z]?\\ \n#x\n", "node_modules\n*.tmp\n"];

/** A folder of texts whose rules for git are changed. */
const rules: FuzzTarget = async (random, folder) => {
  const path = join(folder, "texts");
  mkdirSync(join(path, "a/b"), { recursive: true });
  for (const name of ["x.txt", "a/b/keep.log", `a/${"a".repeat(200)}.txt`]) writeFileSync(join(path, name), "text");
  const text =
    mutateText(oneOf(random, RULES), random) + oneOf(random, ["", "*a".repeat(30), "**/".repeat(30), "[".repeat(99)]);
  writeFileSync(join(path, ".gitignore"), text);
  await collectTexts([{ kind: "path", path }]);
};

/** The file of a run that is taken up. */
const resume: FuzzTarget = async (random, folder) => {
  const path = join(folder, "run.resume");
  const key = createHash("sha256").update("0").digest("hex");
  const header = { format: "paramscope.resume", key, layer: 1, lengths: [2], results: [{ rho: 0.5 }] };
  const good = Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), Buffer.alloc(8, 1)]);
  writeFileSync(path, mutateBytes(good, good.length, random));
  await ResumeFile.open(path, 0, z.object({ rho: z.number() }), 3);
};

/** All kinds of documents, by their file in a folder. */
function documents(folder: string): Record<string, FuzzTarget> {
  const files = readdirSync(folder).sort();
  return Object.fromEntries(files.map((file) => [file.replace(".json", ""), document(join(folder, file))]));
}

/** @param folder of documents. */
export const targets = (folder: string): Readonly<Record<string, FuzzTarget>> => ({
  safetensors: changedFile("model.safetensors", (bytes, random) =>
    mutateBytes(bytes, 16 + Number(bytes.readBigUInt64LE(0)), random),
  ),
  gguf: async (random, folder) => {
    const path = join(folder, "model.gguf");
    const { file: bytes } = await convertToGguf(oneOf(random, convertedFixtures));
    writeFileSync(path, mutateBytes(bytes, oneOf(random, [400, 4000, bytes.length]), random));
    await analysed(path, random);
  },
  config: changedFile("config.json", changedJson),
  tokenizer: changedFile("tokenizer.json", changedJson),
  "tokenizer-config": changedFile("tokenizer_config.json", changedJson),
  template,
  table,
  rules,
  resume,
  ...documents(folder),
});
