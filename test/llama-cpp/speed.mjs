// usage: node speed.mjs DIR JOB   DIR is what install.sh made, JOB a JSON file: { "models": [GGUF files], "ids": [...], "rounds", "written": so many tokens }.
// Prints per model the tokens a second of processor time that llama.cpp reads and writes in every round on one thread, all models by turns, after one round that does not count; and the
// most memory that the process had (of Linux alone; else 0): { "reading": [[...], ...], "writing": [[...], ...], "peakMiB" }.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [, , folder, job] = process.argv;
const { models: paths, ids, rounds, written } = JSON.parse(readFileSync(job, "utf8"));
const { getLlama } = await import(pathToFileURL(join(folder, "node_modules/node-llama-cpp/dist/index.js")).href);
const llama = await getLlama({ gpu: false, build: "never", logLevel: "error", maxThreads: 1 });
const models = [];
for (const modelPath of paths) {
  const model = await llama.loadModel({ modelPath });
  const context = await model.createContext({
    contextSize: ids.length + written + 1,
    batchSize: ids.length,
    threads: 1,
  });
  models.push({ sequence: context.getSequence(), reading: [], writing: [] });
}

async function seconds(work) {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

for (let round = 0; round <= rounds; round++)
  for (const { sequence, reading, writing } of models) {
    await sequence.clearHistory();
    const read = await seconds(() => sequence.evaluateWithoutGeneratingNewTokens(ids.slice(0, -1)));
    const wrote = await seconds(async () => {
      const tokens = sequence.evaluate(ids.slice(-1), { temperature: 0, yieldEogToken: true });
      for (let i = 0; i < written; i++) await tokens.next();
      await tokens.return();
    });
    if (round === 0) continue;
    reading.push((ids.length - 1) / read);
    writing.push(written / wrote);
  }
/** Not resourceUsage's: that begins with what the process had that started this one. */
const status = existsSync("/proc/self/status") ? readFileSync("/proc/self/status", "utf8") : "";
const peakKiB = Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0);
const said = {
  reading: models.map(({ reading }) => reading),
  writing: models.map(({ writing }) => writing),
  peakMiB: peakKiB / 1024,
};
process.stdout.write(JSON.stringify(said), () => process.exit(0));
