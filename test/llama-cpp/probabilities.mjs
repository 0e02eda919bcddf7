// usage: node probabilities.mjs DIR JOBS   DIR is what install.sh made, JOBS a JSON file: [{ "model": a GGUF file, "ids": [[…], …] }].
// Prints { "release", "models": per job per text the logarithm of every token's probability behind its ids, or what llama.cpp says against the file }.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [, , folder, jobs] = process.argv;
const { getLlama } = await import(pathToFileURL(join(folder, "node_modules/node-llama-cpp/dist/index.js")).href);
let said = "";
const llama = await getLlama({ gpu: false, build: "never", logLevel: "error", logger: (_, text) => (said += text) });
const models = [];
for (const { model: modelPath, ids } of JSON.parse(readFileSync(jobs, "utf8"))) {
  said = "";
  try {
    const model = await llama.loadModel({ modelPath });
    const texts = [];
    for (const text of ids) {
      const context = await model.createContext({
        contextSize: 512,
        threads: 1,
        flashAttention: false,
        // in half floats by default
        experimentalKvCacheKeyType: "F32",
        experimentalKvCacheValueType: "F32",
      });
      const asked = text.map((id, i) =>
        i < text.length - 1
          ? id
          : [id, { generateNext: { probabilities: true, options: { temperature: 1, topK: 0, topP: 1 } } }],
      );
      const answers = await context.getSequence().controlledEvaluate(asked);
      const { probabilities } = answers.at(-1).next;
      texts.push([...probabilities].sort(([a], [b]) => a - b).map(([, probability]) => Math.log(probability)));
      await context.dispose();
    }
    models.push(texts);
    await model.dispose();
  } catch (error) {
    // what it says comes from another thread, and may come later
    for (let i = 0; i < 40 && said === ""; i++) await new Promise((resolve) => setTimeout(resolve, 50));
    models.push(said.trim() || String(error));
  }
}
process.stdout.write(JSON.stringify({ release: llama.llamaCppRelease.release, models }), () => process.exit(0));
