import type { BitsDocument } from "../../src/engine/document/document";
import { canChooseAgain, chosenAgain } from "../../src/format/chosen-again";
import type { BitsState, FromBitsView } from "../../src/pages/bits";
import type { Page } from "../shared/page";
import { goneMessage } from "../shared/run-messages";
import { nothingKept, runHeading, runningPage } from "../shared/run-page";
import { html } from "../shared/template";
import { costsSection } from "./costs";
import { formatsSection } from "./formats";
import { headSection } from "./head";
import { asPlanned, type Panel } from "./panel";
import { shareSection } from "./share";
import { sizeSection } from "./size";
import { firstView, type ViewState } from "./view-state";
import { waysSection } from "./ways";

/** The page of a choice of formats: what the slider says is chosen at once, what it costs is measured on request. */
export const page: Page<BitsState, FromBitsView, ViewState> = {
  firstView,
  tried: "used to choose formats",
  run: {
    empty: () =>
      goneMessage(
        "This choice of formats is not there any more",
        "To make it again, measure under Bits in the compression preview of the side bar.",
      ),
    running: ({ title, model, progress }, { post }) =>
      runningPage({
        heading: runHeading(title, model),
        progress,
        content: html`<p class="finding">
          What rounding each matrix costs is measured once with these texts; then formats follow any size at once.
        </p>`,
        post,
      }),
    cancelled: nothingKept("Cancelled before all matrices were measured: nothing is kept."),
  },
  finished: (result) => {
    const panel: Panel = { ...result, planned: plannedOf(result.document, result.view.bits) };
    return html`${headSection(panel)} ${sizeSection(panel)} ${formatsSection(asPlanned(panel))}
    ${shareSection(asPlanned(panel))} ${costsSection(panel)} ${waysSection(panel)}`;
  },
  identify: ({ size, by, evaluation, files }) => [size.bytes, by, evaluation?.text, files.map(({ path }) => path)],
  keep: ({ measureOn, ways, isCurve }) => ({ measureOn, ways, isCurve }),
};

let last: { readonly document: BitsDocument; readonly bits: number; readonly planned: BitsDocument } | undefined;

/** Drawn again for other reasons, nothing is chosen again. */
function plannedOf(document: BitsDocument, bits: number): BitsDocument {
  if (bits === 0 || !canChooseAgain(document)) return document;
  if (last?.document !== document || last.bits !== bits)
    last = { document, bits, planned: chosenAgain(document, bits) ?? document };
  return last.planned;
}
