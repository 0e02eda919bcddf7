import { nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import type { SampleDescription } from "../../src/engine/document/document";
import { elementAt } from "../../src/engine/numbers/elements";
import { explainedToken, strongestSaliency } from "../../src/format/token-spans";
import { partingFinding, type Stretch, wordDiff, wordsFinding } from "../../src/format/word-diff";
import { madeOnce } from "../shared/made-once";
import { section } from "../shared/section";
import { textFinding } from "../../src/format/text-finding";
import { describeToken, samplePicker, textTable, tintedText, tintLegend } from "../shared/tinted-text";
import { explanations } from "./explanations";
import type { Panel } from "./panel";
import type { Side } from "./view-state";
import { html } from "../shared/template";

/** The two texts, tinted by how much each token had to do with what was asked, and boxed where the other is not the same. */
export function textsSection(panel: Panel): TemplateResult {
  const [a, b] = [shownSample(panel, "a"), shownSample(panel, "b")];
  const diff = a && b && diffsOf(a)(b);
  const changed = { a: diff?.a.stretches ?? nothingChanged, b: diff?.b.stretches ?? nothingChanged };
  const isMarked = changed.a.length + changed.b.length > 0;
  return html`<div class="columns even">${sideText(panel, "a", changed.a)} ${sideText(panel, "b", changed.b)}</div>
    ${tintLegend(
      `Choose a token to see its figures${panel.inEditor ? " and find it in the editor" : ""}.`,
      isMarked ? html`<span class="token changed">framed: not in the other</span>` : nothing,
    )}
    ${a && b ? html`<p class="finding">${wordsFinding(diff)} ${partingFinding(a, b)}</p>` : nothing}`;
}

const nothingChanged: readonly Stretch[] = [];

/** What is each text's own, found once for the two that are shown. */
const diffsOf = madeOnce((a: SampleDescription) => madeOnce((b: SampleDescription) => wordDiff(a.text, b.text)));

/** The text that is shown as A or B: the document's own side where nothing is swapped. */
export function shownSample({ document, view }: Panel, side: Side): SampleDescription | undefined {
  const { samples } = document[side];
  return samples.at(Math.min(view.samples[ownSide(view.swapped, side)], samples.length - 1));
}

function ownSide(swapped: boolean, side: Side): Side {
  return swapped ? (side === "a" ? "b" : "a") : side;
}

function sideText(panel: Panel, side: Side, changed: readonly Stretch[]): TemplateResult | typeof nothing {
  const sample = shownSample(panel, side);
  if (!sample) return nothing;
  const { document, inEditor, view, change, post, focus } = panel;
  const own = ownSide(view.swapped, side);
  const letter = side.toUpperCase();
  const chosen = view.tokens[own];
  const reveal = (token: number) => {
    const { start, end } = elementAt(sample.tokens, token);
    if (start >= 0) post({ type: "reveal", side, sample: view.samples[own], start, end });
  };
  const choose = (token: number) => change({ tokens: { ...view.tokens, [own]: token } });
  return section(panel, {
    name: `text-${side}`,
    title: `Text ${letter}`,
    note: document[side].name,
    controls: samplePicker(`Sample of ${letter}`, document[side].samples, view.samples[own], (shown) =>
      change({ samples: { ...view.samples, [own]: shown }, tokens: { ...view.tokens, [own]: -1 } }),
    ),
    chart: () =>
      html`${guard([sample, chosen, changed, view.samples, view.tokens, view.swapped], () =>
        tintedText({
          id: `${side}-token`,
          label: `Tokens of text ${letter}`,
          sample,
          chosen,
          changed,
          explained: explainedToken(document.target),
          onChoose: choose,
          onReveal: inEditor ? reveal : undefined,
          focus,
        }),
      )}
        <p class="readout one-line">${describeChosen(sample, chosen)}</p>`,
    table: () => textTable(sample, `Tokens of text ${letter}`),
    sentence: textFinding(sample),
    explanation: explanations.texts,
  });
}

function describeChosen(sample: SampleDescription, chosen: number): string {
  const token = chosen < 0 ? undefined : sample.tokens.at(chosen);
  if (!token) return "";
  const described = describeToken({ text: token.text, saliency: token.saliency ?? 0 }, strongestSaliency(sample));
  return `Token ${chosen} · ${described}`;
}
