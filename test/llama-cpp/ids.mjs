// usage: node ids.mjs DIR JOBS   DIR is what install.sh made, JOBS a JSON file: [{ "model": a GGUF file, "texts": […] }].
// Prints { "release", "prefixes": per job what comes before a text, "ids": per job and text, special tokens in it read but "<unk>" }.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [, , folder, jobs] = process.argv;
const { getLlama } = await import(pathToFileURL(join(folder, "node_modules/node-llama-cpp/dist/index.js")).href);
const llama = await getLlama({ gpu: false, build: "never", logLevel: "error" });
const prefixes = [];
const ids = [];
for (const { model: modelPath, texts } of JSON.parse(readFileSync(jobs, "utf8"))) {
  const model = await llama.loadModel({ modelPath, vocabOnly: true });
  prefixes.push(model.tokens.shouldPrependBosToken ? [model.tokens.bos] : []);
  ids.push(texts.map((text) => model.tokenize(text, !text.includes("<unk>"))));
  await model.dispose();
}
process.stdout.write(JSON.stringify({ release: llama.llamaCppRelease.release, prefixes, ids }), () => process.exit(0));
