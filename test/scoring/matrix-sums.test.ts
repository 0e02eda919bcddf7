import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import type { AnalysisDocument } from "../../src/engine/document/document";
import type { ScoringClient } from "../../src/wire/client";
import type { ScoringProcessError } from "../../src/wire/errors";
import type { MatrixSums, RunSettings } from "../../src/wire/protocol";
import { analysisKind, fullProfile, singleWeights } from "../../src/kinds/analysis";
import { OnDemand } from "../../src/kinds/on-demand";
import type { Host } from "../../src/kinds/kind";
import { imageValues } from "../../src/engine/document/matrix-image";
import { readPositions } from "../../src/engine/document/read-positions";
import { parseDocument } from "../../src/kinds/parse-document";
import type { MoreOfAnalysis, ProfileState, WeightsState } from "../../src/pages/analysis";
import { analysisOf, repository, sample, settings, startClient } from "./support";

const tides = sample("science/tides.txt");
const sentences = { ...tides, text: tides.text.slice(0, 160) };
let scoring: ScoringClient;
let document: AnalysisDocument;

beforeEach(async () => {
  scoring = startClient().client;
  document = await scoring.run(analysisOf({ texts: [sentences], settings }));
});

afterEach(() => scoring.dispose());

const place = { layer: 3, matrix: "mlp.down_proj" };

/** As a document has them. */
function binned(values: readonly number[], bins: number): number[] {
  const sums = new Array<number>(bins).fill(0);
  values.forEach((value, i) => (sums[Math.floor((i * bins) / values.length)] += value));
  return sums;
}

function expectToBe(sums: MatrixSums | null, { layers }: AnalysisDocument): void {
  const module = layers[place.layer].modules.find(({ name }) => name === place.matrix);
  if (!module || !sums) throw new Error("there is no such matrix, or no sums");
  expect([sums.rows.length, sums.columns.length]).toEqual(module.shape);
  expect(sums.columns.length).toBeGreaterThan(module.columns.length);
  for (const [full, bins] of [
    [sums.rows, module.rows],
    [sums.columns, module.columns],
  ])
    binned(full, bins.length).forEach((value, i) => expect(value / bins[i]).toBeCloseTo(1, 4));
}

test("the sums of the last results are held", async () => {
  expectToBe(await scoring.heldSums({ ...place, result: document }), document);
  expect(await scoring.heldSums({ ...place, matrix: "no.such", result: document })).toBeNull();
  const other = { ...document, target: "loss" };
  expect(await scoring.heldSums({ ...place, result: other })).toBeNull();
});

/** A host that runs with these settings, and goes on whatever it takes. */
function hostOf(own: RunSettings = settings): Host {
  return {
    scoring,
    settings: ({ hash }: { hash: string }) => Promise.resolve({ ...own, identity: hash }),
    confirm: (_: unknown, __: unknown, settings: unknown) => Promise.resolve(settings),
    begin: () => ({ update: () => undefined, end: () => undefined }),
    failure: ({ message, kind }: ScoringProcessError) => ({ kind, message }),
  } as unknown as Host;
}

/** What a page is told of the profile of a matrix, by a host that runs with these settings. */
async function profileOf(
  result: AnalysisDocument,
  { layer, matrix }: typeof place,
  how: { settings?: RunSettings; progress?: (profile: { cancel(): void }) => void } = {},
): Promise<ProfileState[]> {
  const states: ProfileState[] = [];
  const profile = new OnDemand(hostOf(how.settings), analysisKind, fullProfile, (state) => {
    states.push(state);
    if (state.phase === "running" && state.progress.phase === "forward") how.progress?.(profile);
  });
  await profile.open(result, { layer, matrix });
  return states;
}

test("that are held are shown at once, and are gone with their result", async () => {
  const [state, ...others] = await profileOf(document, place);
  expect(others).toEqual([]);
  expect(state).toMatchObject({ ...place, phase: "done" });
});

test("another process runs the samples again, with progress", async () => {
  scoring.dispose();
  scoring = startClient().client;
  expect(await scoring.heldSums({ ...place, result: document })).toBeNull();
  const states = await profileOf(document, place);
  const shares = states.flatMap((state) => (state.phase === "running" ? [state.progress.share] : []));
  expect(shares.at(-1)).toBe(1);
  const last = states.at(-1);
  expectToBe(last?.phase === "done" ? last : null, document);
  expectToBe(await scoring.heldSums({ ...place, result: document }), document);
});

test("single weights are those of the matrix, by a run where they are not held", async () => {
  const region = { rows: [0, 12], columns: [0, 9] } as const;
  const wanted = { ...place, region, result: document };
  expect(await scoring.heldRegion(wanted)).toBeNull();
  const states: WeightsState[] = [];
  const weights = new OnDemand(hostOf(), analysisKind, singleWeights, (state) => states.push(state));
  await weights.open(document, { ...place, region });
  const module = document.layers[place.layer].modules.find(({ name }) => name === place.matrix);
  const last = states.at(-1);
  if (last?.phase !== "done" || !module) throw new Error("There are no weights.");
  expect(last.image).toMatchObject({ rows: 12, columns: 9 });
  expect(last.max / module.max).toBeCloseTo(1, 2);
  // the strongest weight alone
  const [{ row, column, value }] = module.top;
  const one = await scoring.heldRegion({ ...wanted, region: { rows: [row, row + 1], columns: [column, column + 1] } });
  expect(imageValues(one?.image ?? last.image, one?.max ?? 0)[0] / value).toBeCloseTo(1, 1);
  // another place is asked for at once
  const before = states.length;
  await weights.open(document, { ...place, region: { rows: [6, 18], columns: [0, 9] } });
  expect(states.slice(before).map(({ phase }) => phase)).toEqual(["done"]);
  expect(await scoring.heldRegion({ ...wanted, matrix: "mlp.up_proj" })).toBeNull();
});

test("the whole of an expert's matrix is told, of which the result has no picture", async () => {
  const own = { ...settings, model: join(repository, "test/fixtures/qwen3_moe") };
  const result = await scoring.run(analysisOf({ texts: [sentences], settings: own }));
  const [found] = result.layers.flatMap(({ layer, modules }) =>
    modules.filter(({ image, max }) => image === undefined && max > 0).map((module) => ({ layer, module })),
  );
  const { name: matrix, shape, max, top } = found.module;
  const whole = { rows: [0, shape[0]], columns: [0, shape[1]] } as const;
  const states: WeightsState[] = [];
  const weights = new OnDemand(hostOf(own), analysisKind, singleWeights, (state) => states.push(state));
  await weights.open(result, { layer: found.layer, matrix, region: whole });
  const last = states.at(-1);
  if (last?.phase !== "done") throw new Error("There is no picture.");
  expect(last.max / max).toBeCloseTo(1, 2);
  const values = imageValues(last.image, last.max);
  for (const { row, column, value } of top) expect(values[row * shape[1] + column] / value).toBeCloseTo(1, 1);
});

test("positions of a text are measured by a run, and are in the document that is saved", async () => {
  const short = await scoring.run(
    analysisOf({ texts: [{ source: "a", text: "The moon lifts the water." }], settings }),
  );
  const posted: MoreOfAnalysis[] = [];
  const shown = { document: short, result: short, title: "a", origins: [] };
  const tints = { onDidChange: () => ({ dispose: () => undefined }), shows: () => false };
  let grown = 0;
  const page = {
    shown: () => shown,
    post: (message: MoreOfAnalysis) => void posted.push(message),
    grown: () => void grown++,
  };
  const companion = analysisKind.companion?.(page, { ...hostOf(), tints } as unknown as Host);
  if (!companion?.completed) throw new Error("an analysis has no companion");
  expect(companion.completed(short)).toBe(short);
  await companion.answer({ type: "openPositions", sample: 0, around: 0 });
  const states = posted.flatMap((message) => (message.type === "positions" ? [message.positions] : []));
  expect(states.some((state) => state.phase === "running" && state.progress.of === "positions")).toBe(true);
  const last = states.at(-1);
  if (last?.phase !== "done") throw new Error("There are no positions.");
  expect(last.positions.at).toHaveLength(short.samples[0].tokens.length);
  expect(grown).toBe(1);
  const saved = companion.completed(short);
  expect(saved).toEqual({ ...short, positions: last.positions });
  expect(await parseDocument(JSON.stringify(saved), "saved")).toEqual(saved);
  // the last position is the text itself
  const { sums } = readPositions(last.positions);
  const whole = short.layers.flatMap(({ modules }) => modules.map(({ sum }) => sum));
  sums[sums.length - 1].forEach((sum, i) => expect(sum / whole[i]).toBeCloseTo(1, 4));
  // a page that comes back is told again, and another result has none
  companion.told();
  expect(posted.at(-1)).toEqual({ type: "positions", positions: last });
  companion.changing();
  expect(companion.completed(short)).toBe(short);
});

test("the run for them can be cancelled", async () => {
  const states = await profileOf({ ...document, target: "loss" }, place, { progress: (profile) => profile.cancel() });
  expect(states.at(-1)).toEqual({ ...place, phase: "cancelled" });
});

test("another model than the result's is refused", async () => {
  const other = { ...settings, model: join(repository, "test/fixtures/llama") };
  const states = await profileOf({ ...document, target: "loss" }, place, { settings: other });
  expect(states.at(-1)).toMatchObject({
    phase: "error",
    message: expect.stringContaining("is not the one that this result was made with") as string,
  });
});

test("a result of an earlier version, which does not say which model it is of, is not run with one that may be another", async () => {
  const result = { ...document, model: { ...document.model, hash: "sha256:0123" }, target: "loss" };
  expect((await profileOf(result, place)).at(-1)).toMatchObject({
    phase: "error",
    message: "This result is of an earlier version, and does not say for certain which model it was made with",
  });
});

test("a layer that is not there is said", async () => {
  expect((await profileOf(document, { ...place, layer: 99 })).at(-1)).toMatchObject({
    phase: "error",
    message: "This result has no matrix mlp.down_proj in layer 99",
  });
});
