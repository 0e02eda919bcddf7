import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readJson } from "../formats/read-json";

type Config = Readonly<Record<string, unknown>>;

/**
 * The chat template of a Hugging Face folder, as transformers chooses it: files come before what tokenizer_config.json says,
 * and of several templates the one that is named "default" counts. Undefined where there is none.
 */
export async function readChatTemplate(folder: string, config: Config): Promise<string | undefined> {
  const additional = join(folder, "additional_chat_templates");
  const names = existsSync(additional) ? (await readdir(additional)).filter((name) => name.endsWith(".jinja")) : [];
  if (names.includes("default.jinja")) return readFile(join(additional, "default.jinja"), "utf8");
  const path = join(folder, "chat_template.jinja");
  if (existsSync(path)) return readFile(path, "utf8");
  // Files for other uses only, such as tools, still take the place of all templates in the configuration.
  if (names.length > 0) return undefined;
  const { chat_template: template } = config;
  if (typeof template === "string") return template;
  if (!Array.isArray(template)) return undefined;
  // Of two with one name the last counts: transformers makes a dict of them.
  const named = (template as Config[]).findLast(({ name }) => name === "default");
  return typeof named?.template === "string" ? named.template : undefined;
}

/** special_tokens_map.json and added_tokens.json, which transformers reads only beside a configuration that does not list the added tokens. */
export async function readBeside(folder: string, name: string, config: Config): Promise<Config> {
  const path = join(folder, name);
  if ("added_tokens_decoder" in config || !existsSync(path)) return {};
  return readJson(path, "Download it into the folder, or delete it.");
}

/**
 * What a chat template may name of special tokens: `bos_token` and its like, whatever ends in `_token`, and tokens that the
 * model's files give a name of their own.
 */
export function specialTokens(config: Config, specialTokensMap: Config): Record<string, string> {
  const tokens: Record<string, string> = {};
  const add = (entries: unknown, isToken: (name: string) => boolean): void => {
    if (typeof entries !== "object" || entries === null || Array.isArray(entries)) return;
    for (const [name, value] of Object.entries(entries as Config)) {
      if (!isToken(name)) continue;
      if (typeof value === "string") tokens[name] = value;
      else if (typeof value === "object" && value !== null && "content" in value) tokens[name] = String(value.content);
      else if (value === null) delete tokens[name];
    }
  };
  for (const source of [config, specialTokensMap]) {
    add(source, (name) => name.endsWith("_token"));
    add(source.model_specific_special_tokens, () => true);
    // A list of them has no names.
    add(source.extra_special_tokens, () => true);
  }
  return tokens;
}
