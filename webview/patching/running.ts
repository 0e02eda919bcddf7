import type { TemplateResult } from "lit";
import { siteInWords } from "../../src/format/patching";
import type { PatchedTexts, PatchingState } from "../../src/pages/patching";
import { runHeading, runningPage } from "../shared/run-page";
import { explain } from "../shared/section";
import { explanations } from "./explanations";
import type { Panel } from "./panel";
import { flowing, html } from "../shared/template";

type Running = Extract<PatchingState, { phase: "running" }>;

/** A patching that is under way, with the prompts that are patched. */
export function runningSection(state: Running, post: Panel["post"]): TemplateResult {
  const { title, model, progress } = state;
  return runningPage({
    heading: runHeading(title, model),
    progress,
    content: html`${prompts(state)}
      <p class="finding">All places of a layer are patched together; the heat map follows when all are done.</p>
      ${explain(post, explanations.grid, "Layers and positions")}`,
    post,
  });
}

function prompts({ a, b, site }: PatchedTexts): TemplateResult {
  return html`<dl class="prompts">
      <dt>A</dt>
      <dd><span class="prompt flowing">${flowing(a)}</span></dd>
      <dt>B</dt>
      <dd><span class="prompt flowing">${flowing(b)}</span></dd>
    </dl>
    <p class="note">B is run with A's activations in ${siteInWords[site]}, at one layer and position at a time.</p>`;
}
