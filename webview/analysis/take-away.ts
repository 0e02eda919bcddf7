import { nothing, type TemplateResult } from "lit";
import type { AblatedPlace, AblationDescription, AnalysisHead, UnusualPlace } from "../../src/engine/document/document";
import { elementAt } from "../../src/engine/numbers/elements";
import { ablationSentences, placeKey } from "../../src/format/ablation";
import { capital } from "../../src/format/claims";
import { option, select } from "../shared/controls";
import { html } from "../shared/template";
import { onDemand } from "./on-demand";
import type { OpenedMatrix } from "./opened-matrix";
import type { Panel } from "./panel";

/** The causal check of a head or a neuron: what the prediction of the sample that is shown is without it. Offered, running, or there. */
export function takeAway(panel: Panel, place: AblatedPlace, name: string): TemplateResult | typeof nothing {
  const { document, post, view } = panel;
  const wanted = { ...place, sample: view.sample };
  const known = knownAblation(panel, wanted);
  const state = panel.ablation && placeKey(panel.ablation) === placeKey(wanted) ? panel.ablation : undefined;
  if (known && (state === undefined || state.phase === "done" || state.phase === "cancelled"))
    return html`<p class="caused" role="status"><b>What it causes:</b> ${ablationSentences(known).join(" ")}</p>`;
  // reading the whole text is not one prediction
  if (!panel.inEditor || document.target === "loss") return nothing;
  const open = () => post({ type: "takeAway", place: wanted });
  const title = `Read the text without ${name}, and say what the prediction is`;
  return onDemand(panel, state, {
    name: "take-away",
    what: "the prediction without it",
    offer: html`<button class="place-link" title=${title} @click=${open}>Take away</button>`,
    meanwhile: "Reading the text without it.",
    open,
    cancel: () => post({ type: "cancelTakeAway" }),
  });
}

/** The heads of the opened matrix, to take one away: the strongest, unless another is chosen. */
export function headsToTakeAway(panel: Panel, { layer, module: { name: module, heads } }: OpenedMatrix) {
  if (heads.length === 0) return nothing;
  const placeOf = ({ head: index, part }: AnalysisHead): AblatedPlace => ({
    level: "head",
    layer,
    module,
    ...(part !== undefined && { part }),
    index,
  });
  if (!panel.inEditor || panel.document.target === "loss")
    return html`${heads.map((head) => {
      const known = knownAblation(panel, { ...placeOf(head), sample: panel.view.sample });
      return known
        ? html`<p class="caused"><b>${capital(headName(head))}:</b> ${ablationSentences(known).join(" ")}</p>`
        : nothing;
    })}`;
  const strongest = heads.reduce((most, { sum }, at) => (sum > elementAt(heads, most).sum ? at : most), 0);
  const at = Math.min(panel.view.head ?? strongest, heads.length - 1);
  const head = elementAt(heads, at);
  return html`<div class="head-check">
    ${select({
      label: "Head to take away",
      value: String(at),
      options: heads.map((each, i) => option(String(i), capital(headName(each)))),
      onChange: (value) => panel.change({ head: Number(value) }),
    })}
    ${takeAway(panel, placeOf(head), headName(head))}
  </div>`;
}

/** `head 3`, `k head 3` of a fused matrix */
export function headName({ head, part }: AnalysisHead): string {
  return part ? `${part} head ${head}` : `head ${head}`;
}

/** What was found of a place, since the result was shown or before. */
function knownAblation(
  { ablations, document }: Panel,
  wanted: AblatedPlace & { readonly sample: number },
): AblationDescription | undefined {
  return [...ablations, ...(document.ablations ?? [])].find((known) => placeKey(known) === placeKey(wanted));
}

/** The place to take away of one that is unusual; undefined of what is coarser than a head, and of experts. */
export function ablatedPlace(level: string, { layer, module, part, index }: UnusualPlace): AblatedPlace | undefined {
  if ((level !== "head" && level !== "neuron") || module === undefined || index === undefined) return undefined;
  return { level, layer, module, ...(part !== undefined && { part }), index };
}
