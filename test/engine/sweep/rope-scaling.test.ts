import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openModel } from "../../../src/engine/model/model";
import { StatisticsReducer } from "../../../src/engine/sweep/reducers/statistics";
import { formSamples } from "../../../src/engine/text/form-samples";
import { Deviations } from "../support/deviations";
import { ModelCopy, type Config } from "../support/model-copy";
import type { ReferenceLayers, ReferenceMeasures } from "../support/reference";
import { measuresOf } from "../support/reference-values";
import { swept } from "../support/sweeping";

interface Case {
  readonly text: string;
  readonly config: Config;
  readonly ids: readonly number[];
  readonly value: number;
  readonly token: number;
  readonly layers: ReferenceLayers<ReferenceMeasures>;
}

/** A configuration that was saved by a newer transformers and then lengthened by hand, with what transformers makes of it. */
const expected = JSON.parse(readFileSync("test/data/rope-scaling-beside-rope-parameters.json", "utf8")) as Case;

test("rope_scaling beside rope_parameters is what counts", async () => {
  const copy = await ModelCopy.of("llama", { config: () => expected.config });
  const model = await openModel(copy.path);
  try {
    const { samples } = formSamples([{ source: "text", text: expected.text }], model.tokenizer, {
      window: 512,
      maxSamples: 1,
      context: model.context,
    });
    expect([...samples[0].ids]).toEqual(expected.ids);
    const statistics = new StatisticsReducer(model.definition);
    const [head] = (await swept({ model, samples, units: [{ sets: [[0]] }], reducers: [statistics] })).heads;
    expect(head.token).toBe(expected.token);
    const deviations = new Deviations();
    deviations.relative("value", head.value, expected.value, "");
    expected.layers.forEach((modules, layer) => {
      const own = statistics.layer(layer, 0, 0);
      expect([...own.keys()].sort()).toEqual(Object.keys(modules).sort());
      for (const [name, statistic] of own) {
        const measures = measuresOf(statistic);
        for (const kind of ["sum", "l2", "max"] as const)
          deviations.relative(kind, measures[kind], modules[name][kind], `layer ${layer}, ${name}`);
      }
    });
    expect(deviations.beyond).toEqual([]);
  } finally {
    await model.close();
    await copy.remove();
  }
});
