import { nothing, type TemplateResult } from "lit";
import type { CommonRequest, RunProgress } from "../../src/pages/run";
import { formatCount, formatNumber } from "../../src/format/numbers";
import { button } from "./controls";
import { lineChart } from "./line-chart";
import { progressText } from "./progress-text";
import { html } from "./template";

type Post = (message: CommonRequest) => void;

/** What is run, above its progress. */
export function runHeading(title: string, model?: string): TemplateResult {
  return html`<div class="facts">
    <h1>${title}</h1>
    ${model === undefined ? nothing : html`<span>${model}</span>`}
  </div>`;
}

/** A run that is under way: how far it is, and what is there of it. */
export function runningPage({
  heading,
  progress,
  content,
  post,
}: {
  readonly heading: TemplateResult;
  readonly progress: RunProgress;
  readonly content: TemplateResult;
  readonly post: Post;
}): TemplateResult {
  const share = progress.phase === "queued" ? 0 : Math.min(1, Math.max(0, progress.share));
  return html`<header class="head">
      ${heading}
      <div class="actions">${button("Cancel", () => post({ type: "cancel" }))}</div>
    </header>
    <p class="answer" role="status">${progressText(progress)}</p>
    <progress aria-label="Progress of the run" max="1" value=${share}></progress>
    ${content}`;
}

/** What is said of a cancelled run that keeps how far it is. */
export const goesOn = "A run of more than ten seconds goes on where it was stopped.";

/** A run that was cancelled, with what there is of it. */
export function cancelledPage({
  heading,
  layers,
  layerCount,
  kept,
  none = "Cancelled before the first layer was scored.",
  content = nothing,
  post,
}: {
  readonly heading: TemplateResult;
  readonly layers: readonly unknown[];
  readonly layerCount: number;
  /** What is said of the layers that are there: `Their rho is final.` */
  readonly kept: string;
  /** What is said where there are none. */
  readonly none?: string;
  readonly content?: TemplateResult | typeof nothing;
  readonly post: Post;
}): TemplateResult {
  const text =
    layers.length > 0
      ? `Cancelled after ${formatCount(layers.length)} of ${formatCount(layerCount)} layers. ${kept}`
      : none;
  return html`<header class="head">
      ${heading}
      <div class="actions">${button("Try again", () => post({ type: "tryAgain" }), { primary: true })}</div>
    </header>
    <p class="answer" role="status">${text}</p>
    ${layers.length > 0 ? content : nothing}`;
}

/** A cancelled run of which nothing is kept, and what is said of that. */
export function nothingKept(none: string) {
  return (
    { title, layerCount }: { readonly title: string; readonly layerCount: number },
    { post }: { readonly post: Post },
  ): TemplateResult => cancelledPage({ heading: runHeading(title), layers: [], layerCount, kept: "", none, post });
}

/** The curves of the layers that are there, where the finished page has its own. */
export function partialLines<Layer extends { readonly layer: number }>({
  id,
  name,
  label,
  lines,
  streamed,
  layerCount,
  low = 0,
  width,
  at,
  onMove,
}: {
  readonly id: string;
  /** The name of the section: `curves`. */
  readonly name: string;
  readonly label: string;
  readonly lines: readonly { readonly name: string; readonly of: (layer: Layer) => number }[];
  readonly streamed: readonly Layer[];
  readonly layerCount: number;
  readonly low?: number;
  readonly width: number;
  readonly at: number;
  readonly onMove: (layer: number) => void;
}): TemplateResult | typeof nothing {
  if (layerCount === 0) return nothing;
  const found = new Map(streamed.map((layer) => [layer.layer, layer]));
  const places = Array.from({ length: layerCount }, (_, layer) => found.get(layer));
  return html`<section class="section ${name}" aria-labelledby="${name}-title">
    <header><h2 id="${name}-title">Layers</h2></header>
    ${lineChart({
      id,
      label,
      lines: lines.map(({ name, of }) => ({ name, values: places.map((layer) => layer && of(layer)) })),
      places: places.map((_, layer) => String(layer)),
      axis: "layer",
      low,
      high: 1,
      width,
      at,
      onMove,
      describe: (place) => {
        const layer = places[place];
        if (!layer) return `Layer ${place}: not there yet`;
        return `Layer ${place}: ${lines.map(({ name, of }) => `${lowered(name)} ${formatNumber(of(layer))}`).join(", ")}`;
      },
    })}
  </section>`;
}

function lowered(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
