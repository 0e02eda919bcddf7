import { mkdirSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AnalysisDocument, PruningDocument } from "../../src/engine/document/document";
import { activationAllocation } from "../../src/engine/prune/allocation";
import { defaults } from "../../src/engine/run/defaults";
import { perplexitySentence } from "../../src/format/pruning";
import type { CalibrationState, FromPreview, Part, ToPreview } from "../../src/pages/preview";
import { bundle, launch, View } from "./harness/harness";
import { pruned, withCurve } from "./harness/pruning-states";
import { analyzed } from "./harness/states";
import { themeNames } from "./harness/themes";

const folder = "dist/pictures/preview";
const choices = {
  patterns: [
    { pruned: 2, of: 4 },
    { pruned: 4, of: 8 },
  ],
  continuationMemory: 1e8,
  budget: 1e9,
};
let browser: Browser;
let files: { script: string; style: string };
let analysis: AnalysisDocument;
let evaluated: PruningDocument;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  [browser, files] = await Promise.all([launch(), bundle("preview")]);
  analysis = analyzed("samples/fiction", "--window", "64", "--max-samples", "4");
  const evaluation = ["--evaluate", "samples/fiction/harbour.txt", "--windows", "3", "--prompt", "The town was"];
  evaluated = pruned("samples/fiction", ...evaluation);
});

afterAll(async () => browser.close());

const calibrated = (): CalibrationState => ({
  phase: "done",
  title: "fiction (4 files)",
  document: analysis,
  saved: false,
});
const progress = { phase: "evaluate", done: 7, layers: 24, share: 0.6, secondsLeft: 12 } as const;
const running = { phase: "running", title: "fiction", model: "demo", progress, layers: [] } as const;

function part(name: Part, state: unknown): ToPreview {
  return { type: "part", part: name, message: { type: "state", state } } as ToPreview;
}

const done = (document: PruningDocument) =>
  part("evaluation", { phase: "done", title: "fiction: Wanda, 50 %", document, saved: false });

async function opened(...messages: readonly ToPreview[]): Promise<View> {
  const view = await View.open(browser, files, { width: 300 });
  await view.show(calibrated());
  for (const message of [{ type: "choices", choices } as const, ...messages]) await view.send(message);
  return view;
}

const texts = (view: View, name: string) => view.page.locator(`.${name} .finding`).allTextContents();
const slide = async (view: View, sparsity: number) => {
  await view.page.getByRole("slider", { name: "Sparsity", exact: true }).fill(String(sparsity));
  await view.settle();
};

describe("the compression preview", () => {
  test("plans as the engine does, and follows the slider with nothing asked for", async () => {
    const view = await opened();
    const densities = analysis.layers.map(({ density }) => density);
    for (const sparsity of [0.5, 0.3]) {
      await slide(view, sparsity);
      const { sparsities } = activationAllocation(densities, sparsity, defaults.pruning.strength);
      const bars = await view.page.locator(".layers .bar").all();
      const said = await Promise.all(bars.map((bar) => bar.getAttribute("aria-label")));
      expect(said.map((sentence) => sentence?.split(" of its weights")[0])).toEqual(
        sparsities.map((share, layer) => `Layer ${layer}: ${(100 * share).toFixed(1)} %`),
      );
    }
    const [before] = await texts(view, "losses");
    await slide(view, 0.8);
    const [after] = await texts(view, "losses");
    expect(after).not.toBe(before);
    // what an evaluation would take does not depend on the sparsity
    expect((await view.posted<FromPreview>()).map(({ type }) => type)).toEqual(["ready", "estimate"]);
    expect(view.problems).toEqual([]);
    await view.close();
  });

  test("says where the plan reaches its bounds, and that a pattern has none", async () => {
    const view = await opened();
    expect(await view.page.locator(".bounds").count()).toBe(0);
    await slide(view, 0.05);
    expect(await view.page.locator(".bounds").textContent()).toMatch(/at its bounds in \d+ of 12 layers/);
    await view.page.getByRole("combobox", { name: "Pattern" }).click();
    await view.page.getByRole("option", { name: "2:4" }).click();
    await view.settle();
    expect(await view.page.locator(".bounds").count()).toBe(0);
    expect(await texts(view, "layers")).toEqual(["Every layer loses 50 % of its weights."]);
    expect(await view.page.getByRole("slider", { name: "Sparsity", exact: true }).count()).toBe(0);
    await view.close();
  });

  test("asks for an evaluation, a curve and an export of the plan that is shown", async () => {
    const view = await opened();
    await slide(view, 0.4);
    await view.page.getByRole("textbox", { name: "A prompt for both models to continue" }).fill("The town was");
    await view.page.keyboard.press("Tab");
    await view.page.getByRole("button", { name: "Evaluate" }).click();
    await view.send(done(evaluated));
    await view.page.getByRole("checkbox", { name: "SparseGPT" }).press("Space");
    await view.page.getByRole("button", { name: "Compute curve" }).click();
    await view.page.getByRole("button", { name: "Export model…" }).click();
    const plan = { criterion: "wanda", allocation: "activation", sparsity: 0.4, pattern: null };
    const posted = (await view.posted<FromPreview>()).slice(1);
    expect(posted.filter(({ type }) => type !== "estimate")).toEqual([
      { type: "evaluate", plan, on: "file", windows: 8, prompt: "The town was" },
      { type: "measureCurve", criteria: ["magnitude", "wanda", "sparsegpt"] },
      { type: "exportPruned", plan, what: "model" },
    ]);
    await view.close();
  });

  test("takes the options of a saved pruning once", async () => {
    const view = await opened();
    const plan = {
      criterion: "sparsegpt",
      allocation: "uniform",
      sparsity: 0.5,
      pattern: { pruned: 2, of: 4 },
    } as const;
    const options = { type: "options", id: "1", plan, windows: 3, prompt: "The town was" } as const;
    await view.send(options);
    await view.page.getByRole("button", { name: "Evaluate" }).click();
    await view.page.getByRole("combobox", { name: "Pattern" }).click();
    await view.page.getByRole("option", { name: "None" }).click();
    await view.send(options);
    await view.page.getByRole("button", { name: "Evaluate" }).click();
    const wanted = { type: "evaluate", plan, on: "file", windows: 8, prompt: "The town was" };
    const posted = (await view.posted<FromPreview>()).filter(({ type }) => type === "evaluate");
    expect(posted).toEqual([wanted, { ...wanted, plan: { ...plan, pattern: null } }]);
    await view.close();
  });

  test("shows what an evaluation found, and says when the plan is another", async () => {
    const view = await opened(done(evaluated));
    if (!evaluated.perplexity) throw new Error("nothing was evaluated");
    expect(await texts(view, "evaluated")).toContain(perplexitySentence(evaluated.perplexity));
    expect(await view.page.getByText("The plan has changed since").count()).toBe(0);
    await slide(view, 0.6);
    expect(await view.page.getByText("The plan has changed since").count()).toBe(1);
    await view.send(done(withCurve(evaluated)));
    expect((await texts(view, "curve"))[0]).toMatch(
      /^Certainly within 10 % of the dense perplexity: magnitude up to .* Wanda costs less perplexity than magnitude from/,
    );
    await view.close();
  });

  test("says beside the button what an evaluation would take, and asks again where that changes", async () => {
    const view = await opened({ type: "cost", cost: { seconds: [12, 34], memory: 6e8 } });
    const cost = view.page.locator(".cost");
    expect(await cost.textContent()).toBe("about 12 s to 34 s · 600 MB");
    await view.page.getByRole("combobox", { name: "Criterion" }).click();
    await view.page.getByRole("option", { name: "SparseGPT" }).click();
    await view.settle();
    expect((await view.posted<FromPreview>()).at(-1)).toMatchObject({
      type: "estimate",
      plan: { criterion: "sparsegpt" },
    });
    await view.send({ type: "cost", cost: "short" });
    expect(await cost.textContent()).toBe("a few seconds");
    await view.close();
  });

  test("says before anything is pruned that SparseGPT has too few calibration tokens, where it has", async () => {
    const view = await opened();
    const note = view.page.locator(".few-tokens");
    expect(await note.count()).toBe(0);
    await view.page.getByRole("combobox", { name: "Criterion" }).click();
    await view.page.getByRole("option", { name: "SparseGPT" }).click();
    await view.settle();
    const tokens = analysis.samples.reduce((sum, sample) => sum + sample.tokens.length, 0);
    expect(await note.textContent()).toContain(`The calibration has ${tokens} tokens, and a matrix up to 512 inputs: `);
    const { samples } = analysis;
    await view.show({
      ...calibrated(),
      document: { ...analysis, samples: [...samples, ...samples, ...samples] },
    } as CalibrationState);
    await view.settle();
    expect(await note.count()).toBe(0);
    await view.close();
  });

  test("offers no continuation where the model does not fit, and no masks of SparseGPT", async () => {
    const view = await opened({ type: "choices", choices: { ...choices, budget: 5e7 } });
    expect(await view.page.getByRole("textbox").count()).toBe(0);
    expect(await view.page.getByText("Here no prompt is continued").count()).toBe(1);
    await view.page.getByRole("combobox", { name: "Criterion" }).click();
    await view.page.getByRole("option", { name: "SparseGPT" }).click();
    await view.settle();
    await view.page.getByRole("button", { name: "Export masks…" }).click({ force: true });
    expect((await view.posted<FromPreview>()).map(({ type }) => type)).not.toContain("exportPruned");
    await view.close();
  });
});

describe.each(themeNames)("in %s", (theme) => {
  test("every state can be used by everyone, as wide as the side bar", async () => {
    const view = await View.open(browser, files, { theme, width: 300 });
    const look = async (name: string) => expect(await view.look(`${folder}/${name}-${theme}.png`), name).toEqual([]);
    const layers = analysis.layers
      .slice(5)
      .map(({ layer, parameters, sum }) => ({ layer, parameters, meanActivation: sum / parameters }));
    const states: Record<string, CalibrationState> = {
      empty: { phase: "empty" },
      running: { ...running, progress: { ...progress, phase: "backward" }, layers },
      cancelled: { phase: "cancelled", title: "fiction", layers, layerCount: 12 },
      error: {
        phase: "error",
        title: "fiction",
        kind: "model-missing",
        message: "The model SmolLM2-135M is not there.",
        remedy: "Choose another one, or correct the setting paramscope.model.",
      },
      calibrated: calibrated(),
    };
    for (const [name, state] of Object.entries(states)) {
      await view.show(state);
      await look(name);
    }
    await view.send({ type: "choices", choices });
    await view.send(part("evaluation", running));
    await look("evaluating");
    await view.send(part("evaluation", { phase: "cancelled", title: "", layers: [], layerCount: 0 }));
    await view.send(
      part("export", { phase: "error", title: "", kind: "user", message: "The disk is full.", remedy: "Make room." }),
    );
    await look("cancelled-and-failed");
    const plan = { criterion: "sparsegpt", allocation: "activation", sparsity: 0.5, pattern: null } as const;
    await view.send({ type: "options", id: "1", plan, windows: undefined, prompt: undefined });
    await look("too-few-tokens");
    await view.send(done(withCurve({ ...evaluated, curve: [] })));
    await view.send(part("curve", running));
    await look("evaluated");
    for (const name of ["layers", "losses", "matrices", "curve"])
      await view.page.locator(`.${name} vscode-toolbar-button`).click();
    await view.settle();
    await look("tables");
    await view.close();
  });
});

test("another model that is chosen meanwhile is named, and what Measure takes", async () => {
  const view = await opened({ type: "otherModel", name: "SmolLM2-135M" });
  expect(await view.page.locator(".other-model").innerText()).toBe(
    "All of this is of demo, which was calibrated. The model that is chosen now is SmolLM2-135M: Measure takes that one.",
  );
  expect(await view.axe()).toEqual([]);
  await view.send({ type: "otherModel", name: null });
  expect(await view.page.locator(".other-model").count()).toBe(0);
  await view.close();
});
