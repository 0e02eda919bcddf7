import { median } from "../src/engine/numbers/statistics";
import { measureRun, type Measured } from "./measure";
import type { PartRun } from "./part";
import { fixed } from "./fixed";
import { modelOfDepth } from "./synthetic";
import { demoModel } from "./texts";

/** How time and memory grow with the texts, their length and the layers. */
export async function measureGrowth({ report, real, rounds, progress }: PartRun): Promise<void> {
  const path = real ?? demoModel;
  const cases = [
    ...[1, 4, 16, 64].map((texts) => ({
      what: `${texts} texts of 128 tokens`,
      path,
      texts,
      tokens: 128,
      per: texts,
      unit: "text",
    })),
    ...[32, 64, 128, 256, 512].map((tokens) => ({
      what: `4 texts of ${tokens} tokens`,
      path,
      texts: 4,
      tokens,
      per: 4 * tokens,
      unit: "token",
    })),
  ];
  const depths: typeof cases = [];
  for (const layers of [4, 8, 16, 32])
    depths.push({
      what: `${layers} layers, 4 texts of 128 tokens`,
      path: await modelOfDepth(layers),
      texts: 4,
      tokens: 128,
      per: layers,
      unit: "layer",
    });
  const rows: string[][] = [];
  const runs = new Map<string, Measured[]>();
  for (let round = 0; round < rounds; round++)
    for (const one of [...cases, ...depths]) {
      progress(`${one.what}, round ${round + 1} of ${rounds}`);
      const measured = await measureRun(one);
      runs.set(one.what, [...(runs.get(one.what) ?? []), measured]);
    }
  for (const { what, per, unit } of [...cases, ...depths]) {
    const all = runs.get(what) ?? [];
    const seconds = median(all.map((run) => run.seconds));
    rows.push([
      what,
      fixed(seconds),
      `${fixed((1000 * seconds) / per, 1)} ms per ${unit}`,
      fixed(median(all.map((run) => run.peakMiB)), 0),
    ]);
  }
  report.table("Growth", ["", "seconds", "", "peak MiB"], rows);
}
