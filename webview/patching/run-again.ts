import type { VscodeSingleSelect } from "@vscode-elements/elements/dist/vscode-single-select/index.js";
import type { VscodeTextfield } from "@vscode-elements/elements/dist/vscode-textfield/index.js";
import type { TemplateResult } from "lit";
import type { PatchingDocument } from "../../src/engine/document/document";
import { siteNames } from "../../src/format/patching";
import type { PatchAgain } from "../../src/pages/patching";
import { button, element, optionsOf, select } from "../shared/controls";
import { html } from "../shared/template";

type Site = PatchingDocument["site"];

/** The form that asks for the same prompts again, patched elsewhere or with other answers. */
export function runAgainForm(
  { site, answers }: { readonly site: Site; readonly answers?: PatchingDocument["answers"] },
  onRun: (again: PatchAgain) => void,
): TemplateResult {
  const run = (swapped: boolean) => () => {
    const answerOf = (letter: "a" | "b") => element<VscodeTextfield>(`run-again-${letter}`).value;
    const [a, b] = [answerOf("a"), answerOf("b")];
    const isWhole = (a === "") === (b === "");
    element("run-again-problem").textContent = isWhole
      ? ""
      : "Give both answers, or neither: then the likeliest count.";
    if (!isWhole) return;
    const chosen = element<VscodeSingleSelect>("run-again-site").value as Site;
    const given: readonly [string, string] = swapped ? [b, a] : [a, b];
    onRun({ type: "runAgain", site: chosen, answers: a === "" ? undefined : given, swapped });
  };
  const answer = (letter: "a" | "b", text: string) => {
    const label = `Answer of ${letter.toUpperCase()}, one token`;
    return html`<div class="field">
      <span class="field-label" aria-hidden="true">${label}</span>
      <vscode-textfield id="run-again-${letter}" .label=${label} value=${text} placeholder="the likeliest"></vscode-textfield>
    </div>`;
  };
  return html`<section class="drawer" aria-label="Run again with">
    <div class="fields">
      <div class="field">
        <span class="field-label" aria-hidden="true">Patch</span>
        ${select({
          id: "run-again-site",
          label: "Patch",
          value: site,
          options: optionsOf(siteNames),
          onChange: () => undefined,
        })}
      </div>
      ${answer("a", answers?.a.text ?? "")} ${answer("b", answers?.b.text ?? "")}
      <div class="field row">
        ${button("Run", run(false), { primary: true })} ${button("Run with B into A", run(true))}
      </div>
    </div>
    <p class="note">Most words are a token with the space in front: “ Paris”. Two empty fields take the likeliest next tokens.</p>
    <p class="problem" id="run-again-problem" role="alert"></p>
  </section>`;
}
