import { nothing, type TemplateResult } from "lit";
import { option, select } from "./controls";

/** Which expert's matrix is shown, of those that a layer has of one name. */
export function expertChoice(
  { expert, experts }: { readonly expert: number; readonly experts: readonly number[] },
  onChange: (expert: number) => void,
): TemplateResult {
  return select({
    label: "Expert",
    value: String(expert),
    options: experts.map((each) => option(String(each), `expert ${each}`)),
    onChange: (chosen) => onChange(Number(chosen)),
  });
}

const all = "all";

/** Whose matrices the columns of experts show: all of them together, or those of one; nothing of a model without experts. */
export function expertsChoice(
  { expert, experts }: { readonly expert: number | undefined; readonly experts: readonly number[] },
  onChange: (expert: number | undefined) => void,
): TemplateResult | typeof nothing {
  if (experts.length === 0) return nothing;
  return select({
    label: "Experts of the heat map",
    value: expert === undefined ? all : String(expert),
    options: [option(all, "all experts"), ...experts.map((each) => option(String(each), `expert ${each}`))],
    onChange: (chosen) => onChange(chosen === all ? undefined : Number(chosen)),
  });
}
