import { html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import type { SampleDescription } from "../../src/engine/document/document";
import { formatNumber, formatShare } from "../../src/format/numbers";
import { strongestSaliency, tokenSpans, type TokenSpan } from "../../src/format/token-spans";
import { button, option, select } from "../shared/controls";
import type { DataTable } from "../shared/data-table";
import { hideTooltip, showTooltip } from "../shared/tooltip";
import { explanations } from "./explanations";
import type { Panel } from "./panel";
import { section } from "./section";
import { quoted, textFinding } from "./sentences";

const tints = 10;

export function shownSample({ document, view }: Pick<Panel, "document" | "view">): SampleDescription | undefined {
  return document.samples.at(Math.min(view.sample, document.samples.length - 1));
}

/** The text, tinted by which tokens drove the answer. */
export function textSection(panel: Panel): TemplateResult | typeof nothing {
  const sample = shownSample(panel);
  if (!sample) return nothing;
  return section(panel, {
    name: "text",
    title: "Text",
    note: "which words drove the answer",
    controls: html`${samplePicker(panel)}
      <vscode-toolbar-button
        toggleable
        label="Tint the tokens in the editor"
        .checked=${panel.decorated}
        @change=${() => panel.post({ type: "toggleDecorations" })}
        >Tint in editor</vscode-toolbar-button
      >`,
    chart: () => html`${tintedText(panel, sample)} ${tokenLine(panel, sample)}`,
    table: () => textTable(sample),
    sentence: textFinding(sample),
    explanation: explanations.text,
  });
}

function samplePicker({ document, view, change }: Panel): TemplateResult | typeof nothing {
  const { samples } = document;
  if (samples.length < 2) return nothing;
  const names = samples.map(({ source, offset }, i) => {
    const several = samples.filter((other) => other.source === source).length > 1;
    return option(String(i), several ? `${source}, from character ${offset}` : source);
  });
  return select({
    label: "Sample",
    value: String(view.sample),
    options: names,
    onChange: (value) => change({ sample: Number(value), token: -1 }),
  });
}

/** Tokens as options of a list: left and right walk them, Enter shows one in the editor. */
function tintedText(panel: Panel, sample: SampleDescription): TemplateResult {
  const { view, change } = panel;
  const parts = tokenSpans(sample);
  const spans = parts.filter((part): part is TokenSpan => typeof part !== "string");
  const strongest = strongestSaliency(sample);
  const chosen = spans.findIndex(({ token }) => token === view.token);
  const choose = (span: TokenSpan) => {
    change({ token: span.token });
    reveal(panel, sample, span.token);
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (step !== undefined) {
      const next = spans[Math.min(spans.length - 1, Math.max(0, chosen + step))];
      change({ token: next.token });
      panel.focus(`token-${next.token}`);
    } else if (event.key === "Home" || event.key === "End") {
      const next = spans[event.key === "Home" ? 0 : spans.length - 1];
      change({ token: next.token });
      panel.focus(`token-${next.token}`);
    } else if (event.key === "Enter" && chosen >= 0) reveal(panel, sample, spans[chosen].token);
    else return;
    event.preventDefault();
  };
  const spanAt = (event: Event): TokenSpan | undefined => {
    const id = (event.target as Element).id.replace(/^token-/, "");
    return spans.find(({ token }) => String(token) === id);
  };
  const onMove = (event: PointerEvent) => {
    const span = spanAt(event);
    if (span) showTooltip(event, describe(span, strongest));
    else hideTooltip();
  };
  return html`<div
    class="tokens"
    role="listbox"
    tabindex="0"
    aria-label="Tokens of the text, tinted by saliency. Left and right arrows walk them, Enter shows one in the editor."
    aria-activedescendant=${chosen >= 0 ? `token-${view.token}` : nothing}
    @keydown=${onKey}
    @pointermove=${onMove}
    @pointerleave=${hideTooltip}
    @click=${(event: Event) => {
      const span = spanAt(event);
      if (span) choose(span);
    }}
  >${guard([sample, view.token], () =>
    parts.map((part) =>
      typeof part === "string"
        ? part
        : html`<span
            role="option"
            id="token-${part.token}"
            class="token ${tintOf(part, strongest)} ${part.token === view.token ? "chosen" : ""}"
            aria-selected=${part.token === view.token ? "true" : "false"}
            aria-label=${describe(part, strongest)}
            >${part.text}</span
          >`,
    ),
  )}</div>`;
}

/**
 * Classes of the style sheet: none to the strongest tint, by the square root, since a few tokens are far ahead of the
 * rest; and what speaks against the answer, where it is strong enough to be seen.
 */
function tintOf({ saliency }: TokenSpan, strongest: number): string {
  const tint = strongest > 0 ? Math.round(tints * Math.sqrt(Math.abs(saliency) / strongest)) : 0;
  return `tint-${tint} ${saliency < 0 && tint > 1 ? "against" : ""}`;
}

function describe({ text, saliency }: TokenSpan, strongest: number): string {
  const share = strongest > 0 ? Math.abs(saliency) / strongest : 0;
  const sign = saliency < 0 ? "against the answer, " : "";
  return `${quoted(text)}: saliency ${formatNumber(saliency)}, ${sign}${formatShare(share)} of the strongest`;
}

function reveal({ post, view }: Panel, { tokens }: SampleDescription, token: number): void {
  const { start, end } = tokens[token];
  if (start >= 0) post({ type: "reveal", sample: view.sample, start, end });
}

/** What is known of the chosen token, and what can be done with it. */
function tokenLine(panel: Panel, sample: SampleDescription): TemplateResult {
  const { view, post } = panel;
  const token = sample.tokens.at(view.token < 0 ? sample.tokens.length : view.token);
  if (!token) {
    return html`<p class="legend">
      <span>weak</span
      ><span class="tint-scale" aria-hidden="true"
        >${Array.from({ length: tints }, (_, i) => html`<span class="token tint-${i + 1}"> </span>`)}</span
      ><span>strong</span><span class="token against">dashed: against the answer</span>
      <span class="note">Choose a token to see its figures, find it in the editor, or explain it.</span>
    </p>`;
  }
  const strongest = strongestSaliency(sample);
  const span = { text: token.text, token: view.token, saliency: token.saliency ?? 0 };
  return html`<p class="token-line">
    <span class="readout">Token ${view.token} · ${describe(span, strongest)}</span>
    ${button("Show in editor", () => reveal(panel, sample, view.token), { disabled: token.start < 0 })}
    ${
      panel.saved
        ? nothing
        : button("Explain this token", () => post({ type: "explain", sample: view.sample, token: view.token }), {
            disabled: view.token < 1,
          })
    }
  </p>`;
}

export function textTable(sample: SampleDescription): DataTable {
  const strongest = strongestSaliency(sample);
  return {
    caption: "Tokens",
    columns: [
      { title: "Token" },
      { title: "Text", text: true },
      { title: "Id" },
      { title: "Saliency" },
      { title: "Of the strongest" },
    ],
    rows: sample.tokens.map(({ id, text, saliency }, i) => [
      i,
      quoted(text),
      id,
      saliency ?? "",
      saliency !== null && strongest > 0 ? Math.abs(saliency) / strongest : "",
    ]),
    format: [String, String, String, formatNumber, formatShare],
  };
}
