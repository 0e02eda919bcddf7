import type { AnalysisView } from "../../test/e2e/analysis-view";
import type { Workbench } from "../../test/e2e/workbench";
import { numberOf } from "./number-of";

/** Milliseconds from the begin of a result's first drawing to the frame in which it is on the screen. */
export async function drawTime(workbench: Workbench, file: string): Promise<number> {
  await workbench.openFile(file);
  await (await workbench.analysis(file)).done();
  const entry = (name: string) => `performance.getEntriesByName("${name}")[0]?.startTime`;
  return await numberOf(workbench.page, `${entry("first-contentful-paint")} - ${entry("paramscope.draw")}`);
}

/** How many places of a text the view moves to per second when a key is pressed in every frame. */
export async function stepsPerSecond({ frame, strip }: AnalysisView): Promise<number> {
  await strip.press("Home");
  return await frame.evaluate<number>(`(async () => {
    const strip = document.activeElement;
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const steps = 100;
    await frame();
    const begun = performance.now();
    for (let i = 0; i < steps; i++) {
      strip.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
      await frame();
    }
    if (!(strip.ariaValueNow > 20)) throw new Error("the view did not move");
    return (1000 * steps) / (performance.now() - begun);
  })()`);
}

/** How often per second the view follows when the slider moves in every frame, as under a mouse. */
export async function framesPerSecond({ frame, shareSlider }: AnalysisView): Promise<number> {
  await shareSlider.waitFor();
  return await frame.evaluate<number>(`(async () => {
    const slider = document.querySelector("input[type=range]");
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const steps = 120;
    await frame();
    const begun = performance.now();
    for (let i = 0; i < steps; i++) {
      slider.value = String(-4 + (3.5 * i) / steps);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      await frame();
    }
    return (1000 * steps) / (performance.now() - begun);
  })()`);
}
