import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ChatTemplate } from "../../../../src/engine/model/chat-template/chat-template";
import { TemplateError } from "../../../../src/engine/model/chat-template/template-error";
import { type Json, toValue } from "../../../../src/engine/model/chat-template/to-value";

/** What test/reference/make_chat_templates.py writes: templates, and what jinja2 makes of them; null where it fails. */
interface Data {
  readonly now: readonly [number, number, number, number, number, number];
  readonly special: Readonly<Record<string, string>>;
  readonly conversations: Readonly<Record<string, Json>>;
  readonly families: readonly { name: string; template: string; texts: Readonly<Record<string, string | null>> }[];
  readonly features: readonly (readonly [string, string | null])[];
  readonly chance: readonly (readonly [string, string | null])[];
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../data/${name}`, import.meta.url), "utf8"));
const data = read("chat-templates.json") as Data;
const given = read("chat-template-cases.json") as {
  cases: { name: string; template: string; text: string; expected: string }[];
};

/** The text that a template makes, or null where it fails as it may. */
function rendered(template: string, messages: Json): string | null {
  const [year, month, day, hour, minute, second] = data.now;
  const names = { messages, tools: null, documents: null, add_generation_prompt: true, ...data.special };
  try {
    return new ChatTemplate(template).render(
      Object.entries(names).map(([name, json]) => [name, toValue(json)]),
      () => new Date(year, month - 1, day, hour, minute, second),
    );
  } catch (error) {
    expect(error).toBeInstanceOf(TemplateError);
    return null;
  }
}

test.each(data.families)("a template in the form of $name", ({ template, texts }) => {
  for (const [conversation, text] of Object.entries(texts)) {
    expect(rendered(template, data.conversations[conversation]), conversation).toBe(text);
  }
});

test.each(data.features)("%s", (template, text) => {
  expect(rendered(template, data.conversations.system)).toBe(text);
});

test("templates made by chance", () => {
  const ours = data.chance.map(([template]) => [template, rendered(template, data.conversations.system)]);
  expect(ours).toEqual(data.chance);
});

test.each(given.cases)("once wrong: $name", ({ template, text, expected }) => {
  expect(rendered(template, [{ role: "user", content: text }])).toBe(expected);
});
