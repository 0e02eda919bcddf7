import { nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import type { SampleDescription } from "../../src/engine/document/document";
import { elementAt } from "../../src/engine/numbers/elements";
import { quoted } from "../../src/format/model-words";
import { formatNumber, formatShare } from "../../src/format/numbers";
import { strongestSaliency, tintStrength, tokenSpans, type TokenSpan } from "../../src/format/token-spans";
import type { Stretch } from "../../src/format/word-diff";
import { option, select } from "./controls";
import type { DataTable } from "./data-table";
import { hideTooltip, showTooltip } from "./tooltip";
import { flowing, html } from "./template";

const tints = 10;

/** A text whose tokens are tinted, and what its keys do. */
export interface TintedText {
  /** Ids of tokens are this, a dash and their number. */
  readonly id: string;
  readonly label: string;
  readonly sample: SampleDescription;
  /** Index into the sample's tokens, or −1. */
  readonly chosen: number;
  /** The token that is explained, where it is one of the text's: what follows it had no part in it. */
  readonly explained?: number;
  /** What another text has not in that place. */
  readonly changed?: readonly Stretch[];
  readonly onChoose: (token: number) => void;
  /** A click, or Enter: the place in the editor is wanted; not there where there is no editor. */
  readonly onReveal?: (token: number) => void;
  /** Moves the focus to the element with this id once it is drawn. */
  readonly focus: (id: string) => void;
}

/** Tokens as options of a list, tinted by saliency: left and right walk them, Enter shows one in the editor, where there is one. */
export function tintedText(text: TintedText): TemplateResult {
  const { id, label, sample, chosen, explained, changed = noStretches, onChoose, onReveal, focus } = text;
  const parts = tokenSpans(sample);
  const spans = parts.filter((part): part is TokenSpan => typeof part !== "string");
  const strongest = strongestSaliency(sample);
  const at = spans.findIndex(({ token }) => token === chosen);
  const walk = (to: number) => {
    const next = spans.at(Math.min(spans.length - 1, Math.max(0, to)));
    if (!next) return;
    onChoose(next.token);
    focus(`${id}-${next.token}`);
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (step !== undefined) walk(at + step);
    else if (event.key === "Home") walk(0);
    else if (event.key === "End") walk(spans.length - 1);
    else if (event.key === "Enter" && at >= 0 && onReveal) onReveal(elementAt(spans, at).token);
    else return;
    event.preventDefault();
  };
  const spanAt = (event: Event) => spans.find(({ token }) => `${id}-${token}` === (event.target as Element).id);
  const onMove = (event: PointerEvent) => {
    const span = spanAt(event);
    if (span) showTooltip(event, describeToken(span, strongest));
    else hideTooltip();
  };
  return html`<div
    class="tokens flowing"
    role="listbox"
    tabindex="0"
    aria-label="${label}, tinted by saliency. Left and right arrows walk them${onReveal ? ", Enter shows one in the editor" : ""}."
    aria-activedescendant=${at >= 0 ? `${id}-${chosen}` : nothing}
    @keydown=${onKey}
    @pointermove=${onMove}
    @pointerleave=${hideTooltip}
    @click=${(event: Event) => {
      const span = spanAt(event);
      if (!span) return;
      onChoose(span.token);
      onReveal?.(span.token);
    }}
  >${guard([sample, chosen, changed], () =>
    parts.map((part) =>
      typeof part === "string"
        ? untinted(part)
        : html`<span
            role="option"
            id="${id}-${part.token}"
            class="token ${tintOf(part, strongest)} ${part.token === chosen ? "chosen" : ""} ${placeOf(part, explained)} ${isChanged(part, changed) ? "changed" : ""}"
            aria-selected=${part.token === chosen ? "true" : "false"}
            aria-label=${describeToken(part, strongest) + (isChanged(part, changed) ? "; the other text has it not there" : "")}
            >${flowing(part.text)}</span
          >`,
    ),
  )}</div>`;
}

const noStretches: readonly Stretch[] = [];

function isChanged({ from, text }: TokenSpan, changed: readonly Stretch[]): boolean {
  return changed.some(([begin, end]) => begin < from + text.length && from < end);
}

/** Where a token stands beside the one that is explained. */
function placeOf({ token }: TokenSpan, explained: number | undefined): string {
  if (explained === undefined || token < explained) return "";
  return token === explained ? "explained" : "after";
}

/** Text that no token covers, however long: in pieces that are not cut. */
function untinted(text: string): readonly TemplateResult[] {
  const pieces = text.match(/[^]{1,1000}/gu) ?? [];
  return pieces.map((piece) => flowing(piece));
}

/**
 * Classes of the style sheet: none to the strongest tint, and what counts against the target, where it is strong enough to
 * be seen.
 */
function tintOf({ saliency }: TokenSpan, strongest: number): string {
  const tint = Math.round(tints * tintStrength(saliency, strongest));
  return `tint-${tint} ${saliency < 0 && tint > 1 ? "against" : ""}`;
}

/** `" river": saliency 0.31, 64 % of the strongest` */
export function describeToken({ text, saliency }: Pick<TokenSpan, "text" | "saliency">, strongest: number): string {
  const share = strongest > 0 ? Math.abs(saliency) / strongest : 0;
  const sign = saliency < 0 ? "counts against, " : "";
  return `${quoted(text)}: saliency ${formatNumber(saliency)}, ${sign}${formatShare(share)} of the strongest`;
}

/** What the tints mean, and what else of a text is marked. */
export function tintLegend(hint: string, marks: TemplateResult | typeof nothing = nothing): TemplateResult {
  return html`<p class="legend">
    <span>weak</span
    ><span class="tint-scale" aria-hidden="true"
      >${Array.from({ length: tints }, (_, i) => html`<span class="token tint-${i + 1}"> </span>`)}</span
    ><span>strong</span><span class="token against">dashed: counts against</span>${marks}
    <span class="note">${hint}</span>
  </p>`;
}

/** Which of several samples is shown. */
export function samplePicker(
  label: string,
  samples: readonly SampleDescription[],
  shown: number,
  onChange: (sample: number) => void,
): TemplateResult | typeof nothing {
  if (samples.length < 2) return nothing;
  const names = samples.map(({ source, offset }, i) => {
    const several = samples.filter((other) => other.source === source).length > 1;
    return option(String(i), several ? `${source}, from character ${offset}` : source);
  });
  return select({ label, value: String(shown), options: names, onChange: (value) => onChange(Number(value)) });
}

export function textTable(sample: SampleDescription, caption = "Tokens"): DataTable {
  const strongest = strongestSaliency(sample);
  return {
    caption,
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
