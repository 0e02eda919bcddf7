import type { VscodeCheckbox } from "@vscode-elements/elements/dist/vscode-checkbox/index.js";
import type { VscodeSingleSelect } from "@vscode-elements/elements/dist/vscode-single-select/index.js";
import type { VscodeTextfield } from "@vscode-elements/elements/dist/vscode-textfield/index.js";
import type { TemplateResult } from "lit";
import { formatNumber, formatShare } from "../../src/format/numbers";
import { readable } from "../../src/format/readable";
import { button, element, option, select } from "../shared/controls";
import type { Panel } from "./panel";
import { optionsOfRun, parseRunAgain, splitTarget, type TargetKind } from "./run-again-options";
import { html } from "../shared/template";

const kinds: Record<TargetKind, { label: string; detail: string; hint: string }> = {
  spread: { label: "The whole prediction", detail: "", hint: "" },
  "max-logit": { label: "Most likely next token", detail: "", hint: "" },
  answer: { label: "An answer", detail: "The answer; empty: the model's own", hint: " Paris" },
  "next-token": { label: "A token of the text", detail: "Its number, from 1", hint: "3" },
  loss: { label: "Mean loss over the text", detail: "", hint: "" },
  logit: { label: "Logit of a token", detail: "Token, or two: A-B", hint: " Paris- Rome" },
};

/** The model of the result that is shown. */
const SAME = "same";

/** The form that asks for another run of the same text. */
export function runAgainDrawer(panel: Panel): TemplateResult {
  const { document, view, change, post } = panel;
  const { kind, detail } = splitTarget(document.target);
  const { window, chat } = optionsOfRun(document);
  const own = view.threshold ?? document.threshold;
  const threshold = own.mode === "share" ? formatShare(own.share) : formatNumber(own.tau);

  const onTarget = (value: string) => {
    const field = element<HTMLElement>("run-again-detail-field");
    const chosen = kinds[value as TargetKind];
    field.hidden = chosen.detail === "";
    const input = element<VscodeTextfield>("run-again-detail");
    input.label = chosen.detail;
    input.placeholder = chosen.hint;
    element("run-again-detail-label").textContent = chosen.detail;
  };
  const onRun = () => {
    const parsed = parseRunAgain({
      kind: element<VscodeSingleSelect>("run-again-target").value as TargetKind,
      detail: element<VscodeTextfield>("run-again-detail").value,
      threshold: element<VscodeTextfield>("run-again-threshold").value,
      window: element<VscodeTextfield>("run-again-window").value,
      chat: element<VscodeCheckbox>("run-again-chat").checked,
    });
    element("run-again-problem").textContent = parsed.problem ?? "";
    if (!parsed.options) return;
    const isSame = element<VscodeSingleSelect>("run-again-model").value === SAME;
    post({ type: isSame ? "runAgain" : "runWithAnotherModel", options: parsed.options });
    change({ drawer: undefined });
  };
  const labelled = (label: string, control: TemplateResult) =>
    html`<div class="field"><span class="field-label" aria-hidden="true">${label}</span> ${control}</div>`;
  const field = (id: string, label: string, value: string) =>
    labelled(label, html`<vscode-textfield id=${id} .label=${label} value=${value}></vscode-textfield>`);
  return html`<section class="drawer" aria-label="Run again with">
    <div class="fields">
      ${labelled(
        "Explain",
        select({
          id: "run-again-target",
          label: "Explain",
          value: kind,
          options: Object.entries(kinds).map(([value, { label }]) => option(value, label)),
          onChange: onTarget,
        }),
      )}
      <div class="field" id="run-again-detail-field" ?hidden=${kinds[kind].detail === ""}>
        <span class="field-label" id="run-again-detail-label" aria-hidden="true">${kinds[kind].detail}</span>
        <vscode-textfield
          id="run-again-detail"
          .label=${kinds[kind].detail || "Detail of the target"}
          value=${detail}
          placeholder=${kinds[kind].hint}
        ></vscode-textfield>
      </div>
      ${field("run-again-threshold", "Threshold: 10 % or 3e-7", threshold)}
      ${field("run-again-window", "Window, in tokens", String(window))}
      ${labelled(
        "Model",
        select({
          id: "run-again-model",
          label: "Model",
          value: SAME,
          options: [option(SAME, readable(document.model.name)), option("another", "Another, to be chosen…")],
          onChange: () => undefined,
        }),
      )}
      <div class="field check">
        <vscode-checkbox id="run-again-chat" label="Chat template around the text" ?checked=${chat}></vscode-checkbox>
      </div>
      <div class="field">${button("Run", onRun, { primary: true })}</div>
    </div>
    <p class="problem" id="run-again-problem" role="alert"></p>
  </section>`;
}
