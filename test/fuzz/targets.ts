import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { analyze, openModel, parseTarget } from "../../src/engine/index";
import { ChatTemplate } from "../../src/engine/model/chat-template/chat-template";
import { TemplateError } from "../../src/engine/model/chat-template/template-error";
import { toValue } from "../../src/engine/model/chat-template/to-value";
import { readPairs } from "../../src/engine/pairs/read-pairs";
import { formSamples } from "../../src/engine/text/form-samples";
import { csv, tabSeparated } from "../../src/format/csv";
import { kindOf } from "../../src/kinds/find-kind";
import { parseDocument } from "../../src/kinds/parse-document";
import { convertedFixtures, convertToGguf } from "../engine/support/convert-to-gguf";
import { analysis, comparison, frequency } from "../cli/documents";
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

const document: FuzzTarget = async (random) => {
  const good = oneOf(random, [analysis, comparison, frequency])();
  const read = await parseDocument(JSON.stringify(mutateJson(good, random)), "fuzzed");
  const kind = kindOf(read);
  kind.heading(read);
  for (const table of [kind.table(read), kind.readable(read)]) {
    csv(table);
    tabSeparated(table);
  }
};

const pairsFile: FuzzTarget = (random) => {
  const good = oneOf(random, [
    'sentence1\tsentence2\tscore\na b\tc d\t1.5\n"e\tf\t2\n',
    'a,b,score\n"x, ""y""",z,3\nq,r,0.5\n',
  ]);
  const { pairs } = readPairs(mutateText(good, random), "pairs.csv");
  csv({ columns: [{ title: "a" }, { title: "b" }], rows: pairs.map(({ a, b }) => [String(a), String(b)]) });
  return Promise.resolve();
};

export const targets: Readonly<Record<string, FuzzTarget>> = {
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
  document,
  pairs: pairsFile,
};
