import "@vscode-elements/elements/dist/vscode-button/index.js";
import "@vscode-elements/elements/dist/vscode-checkbox/index.js";
import "@vscode-elements/elements/dist/vscode-option/index.js";
import "@vscode-elements/elements/dist/vscode-single-select/index.js";
import "@vscode-elements/elements/dist/vscode-textfield/index.js";
import "@vscode-elements/elements/dist/vscode-toolbar-button/index.js";
import type { VscodeSingleSelect } from "@vscode-elements/elements/dist/vscode-single-select/index.js";
import { nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { html } from "./template";

/** A choice of a list: its value, and how it is called. */
export interface Option {
  readonly value: string;
  readonly label: string;
}

/** An element of a form, when it is asked for its value. */
export function element<E extends HTMLElement = HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The form has no ${id}.`);
  return found as E;
}

/** A choice of a list. */
export function option(value: string, label: string): Option {
  return { value, label };
}

/** A choice for each of several names, by their keys. */
export function optionsOf(names: Readonly<Record<string, string>>): Option[] {
  return Object.entries(names).map(([value, label]) => option(value, label));
}

/** A drop-down list; `id` where something asks it for its value later. */
export function select({
  id,
  label,
  value,
  options,
  onChange,
}: {
  readonly id?: string;
  readonly label: string;
  readonly value: string;
  readonly options: readonly Option[];
  readonly onChange: (value: string) => void;
}): TemplateResult {
  return html`<vscode-single-select
    id=${id ?? nothing}
    label=${label}
    .value=${live(value)}
    @pointerdown=${makeRoom}
    @keydown=${makeRoom}
    @change=${(event: Event) => onChange((event.currentTarget as VscodeSingleSelect).value)}
  >
    ${options.map(
      (each) =>
        html`<vscode-option value=${each.value} ?selected=${each.value === value}>${each.label}</vscode-option>`,
    )}
  </vscode-single-select>`;
}

/** A row of a list, in pixels, and the most rows that it shows at once (those of the element). */
const ROW = 22;
const MOST_ROWS = 10;

/** Before a list opens: upwards, where there is more room. It is fixed to the window, and what is below that cannot be reached. */
function makeRoom({ currentTarget }: Event): void {
  const list = currentTarget as VscodeSingleSelect;
  const { top, bottom } = list.getBoundingClientRect();
  const below = window.innerHeight - bottom;
  const needed = ROW * (Math.min(list.querySelectorAll("vscode-option").length, MOST_ROWS) + 1);
  list.position = below < needed && top > below ? "above" : "below";
}

/** A range with its name and value: `className` lays the three out. */
export function rangeSlider({
  id,
  label,
  className,
  value,
  text,
  low,
  high,
  step,
  onInput,
}: {
  readonly id: string;
  readonly label: string;
  readonly className: string;
  readonly value: number;
  readonly text: string;
  readonly low: number;
  readonly high: number;
  readonly step: number;
  readonly onInput: (value: number) => void;
}): TemplateResult {
  return html`<span class=${className}>
    <label for=${id}>${label}</label>
    <input
      id=${id}
      type="range"
      min=${low}
      max=${high}
      step=${step}
      .value=${String(value)}
      aria-valuetext=${text}
      @input=${(event: Event) => onInput(Number((event.currentTarget as HTMLInputElement).value))}
    />
    <output for=${id}>${text}</output>
  </span>`;
}

/** A small button of a chart. */
export function toolbarButton(
  text: string,
  label: string,
  onClick: (event: Event) => void,
  { disabled = false }: { disabled?: boolean } = {},
): TemplateResult {
  return html`<vscode-toolbar-button label=${label} ?disabled=${disabled} @click=${onClick}
    >${text}</vscode-toolbar-button
  >`;
}

/** A button; the one that is most likely wanted is `primary`. */
export function button(
  label: string,
  onClick: () => void,
  { primary = false, disabled = false, expanded }: { primary?: boolean; disabled?: boolean; expanded?: boolean } = {},
): TemplateResult {
  return html`<vscode-button
    ?secondary=${!primary}
    ?disabled=${disabled}
    aria-expanded=${expanded ?? nothing}
    @click=${onClick}
    >${label}</vscode-button
  >`;
}

/** Colours by the logarithm of the values, or by the values. */
export function logarithmicToggle(logarithmic: boolean, onChange: (logarithmic: boolean) => void): TemplateResult {
  return html`<vscode-toolbar-button
    toggleable
    label="Logarithmic colours"
    title="Colours by the logarithm of the values"
    .checked=${logarithmic}
    @change=${() => onChange(!logarithmic)}
    >Log</vscode-toolbar-button
  >`;
}
