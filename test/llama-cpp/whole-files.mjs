// usage: node whole-files.mjs DIR JOB   DIR is what install.sh made, JOB a JSON file: { "dense": a GGUF file, "files": [{ "path": where it is written, "fileType",
// "importance", "types" }] as of quantize-model.mjs, "windows": [[ids …], …] }.
// Writes the files with llama.cpp's own quantiser and prints what llama.cpp itself then predicts of each window: { "bytes", "divergences": the mean KL from the dense
// model's predictions, "losses": the mean negative log-likelihood } per file, the dense one first.
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { modelQuantizer } from "./quantize-model.mjs";

const [, , folder, job] = process.argv;
const { dense, files, windows } = JSON.parse(readFileSync(job, "utf8"));
const quantize = await modelQuantizer(folder);
for (const { path, ...how } of files)
  if (!quantize(dense, path, { ...how, requantize: true })) throw new Error(`llama.cpp did not write ${path}`);

const { getLlama } = await import(pathToFileURL(join(folder, "node_modules/node-llama-cpp/dist/index.js")).href);
const llama = await getLlama({ gpu: false, build: "never", logLevel: "error" });
const paths = [dense, ...files.map(({ path }) => path)];
const models = await Promise.all(paths.map((modelPath) => llama.loadModel({ modelPath })));
const figures = paths.map((path) => ({ bytes: statSync(path).size, divergences: [], losses: [] }));

/** Per position that predicts a token the logarithms of all probabilities. */
async function predictions(model, ids) {
  const context = await model.createContext({
    contextSize: 512,
    threads: 2,
    flashAttention: false,
    experimentalKvCacheKeyType: "F32",
    experimentalKvCacheValueType: "F32",
  });
  const next = { probabilities: true, options: { temperature: 1, topK: 0, topP: 1 } };
  const answers = await context.getSequence().controlledEvaluate(ids.map((id) => [id, { generateNext: next }]));
  await context.dispose();
  return answers.slice(0, -1).map(({ next: { probabilities } }) => {
    const logarithms = new Float32Array(probabilities.size);
    for (const [id, probability] of probabilities) logarithms[id] = Math.log(probability);
    return logarithms;
  });
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
for (const ids of windows) {
  let own;
  for (const [i, model] of models.entries()) {
    const predicted = await predictions(model, ids);
    own ??= predicted;
    const kl = predicted.map((row, t) =>
      row.reduce((sum, q, id) => sum + (own[t][id] === -Infinity ? 0 : Math.exp(own[t][id]) * (own[t][id] - q)), 0),
    );
    figures[i].divergences.push(mean(kl));
    figures[i].losses.push(mean(predicted.map((row, t) => -row[ids[t + 1]])));
  }
}
process.stdout.write(JSON.stringify(figures), () => process.exit(0));
