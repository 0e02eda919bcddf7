import type { TemplateResult } from "lit";
import type { FromPreview } from "../../src/pages/preview";
import type { Stage } from "../shared/page";
import { html } from "../shared/template";
import type { ViewState } from "./view-state";

type Mode = ViewState["mode"];

/** In the order of what makes a model smaller. */
const MODES: Readonly<Record<Mode, string>> = { bits: "Bits", structure: "Structure", zeros: "Zeros" };

type ModeStage = Pick<Stage<ViewState, FromPreview>, "view" | "change" | "focus">;

/** The ways of compressing, as tabs, and what the chosen one has. */
export function inMode(stage: ModeStage, content: () => TemplateResult): TemplateResult {
  const { view } = stage;
  return html`<div class="modes" role="tablist" aria-label="What is compressed" @keydown=${(event: KeyboardEvent) => walk(event, stage)}>
      ${Object.entries(MODES).map(([mode, name]) => tab(stage, mode as Mode, name))}
    </div>
    <div id="mode-panel" role="tabpanel" aria-labelledby=${`mode-${view.mode}`}>${content()}</div>`;
}

function tab({ view, change }: ModeStage, mode: Mode, name: string): TemplateResult {
  const isChosen = view.mode === mode;
  return html`<button
    id=${`mode-${mode}`}
    class="mode"
    role="tab"
    aria-selected=${String(isChosen)}
    aria-controls="mode-panel"
    tabindex=${isChosen ? 0 : -1}
    @click=${() => change({ mode })}
  >
    ${name}
  </button>`;
}

/** Arrow keys go to the next tab, as in every list of tabs. */
function walk(event: KeyboardEvent, { view, change, focus }: ModeStage): void {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step === undefined) return;
  const modes = Object.keys(MODES) as Mode[];
  const mode = modes[(modes.indexOf(view.mode) + step + modes.length) % modes.length];
  if (mode === undefined) return;
  event.preventDefault();
  change({ mode });
  focus(`mode-${mode}`);
}
