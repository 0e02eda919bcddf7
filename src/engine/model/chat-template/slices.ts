import { elementAt } from "../../numbers/elements";
import { codePoints, unitOffset, unitOffsetFromEnd } from "./characters";
import { asIndex } from "./arguments";
import { spendItems } from "./limits";
import { TemplateError } from "./template-error";
import { Markup, PyList, PyRange, PyTuple, textOf, typeName, Undefined, type Value } from "./values";

/** The bounds of a slice; `null` is one that is left out. */
export interface Bounds {
  readonly start: Value;
  readonly stop: Value;
  readonly step: Value;
}

/** Where a slice of `length` items begins and ends, and by how much it steps, as Python's `slice.indices`. @throws TemplateError */
export function sliceIndices(bounds: Bounds, length: number): { start: number; stop: number; step: number } {
  const step = bounds.step === null ? 1 : asIndex(bounds.step);
  if (step === 0) throw new TemplateError("Value", "slice step cannot be zero");
  const [lowest, highest] = step > 0 ? [0, length] : [-1, length - 1];
  const clamp = (bound: Value, fallback: number): number => {
    if (bound === null) return fallback;
    const index = asIndex(bound);
    return Math.min(Math.max(index < 0 ? index + length : index, lowest), highest);
  };
  return step > 0
    ? { start: clamp(bounds.start, 0), stop: clamp(bounds.stop, length), step }
    : { start: clamp(bounds.start, length - 1), stop: clamp(bounds.stop, -1), step };
}

function sliceItems<T>(items: readonly T[], bounds: Bounds): T[] {
  const { start, stop, step } = sliceIndices(bounds, items.length);
  spendItems(Math.max(0, Math.ceil((stop - start) / step)));
  const taken: T[] = [];
  for (let i = start; step > 0 ? i < stop : i > stop; i += step) taken.push(elementAt(items, i));
  return taken;
}

/** A text's slice. Where it is one piece only what is taken is looked at: texts are long. */
function sliceText(text: string, bounds: Bounds): string {
  if (bounds.step !== null && asIndex(bounds.step) !== 1) return sliceItems(codePoints(text), bounds).join("");
  const offset = (bound: Value, fallback: number): number => {
    if (bound === null) return fallback;
    const index = asIndex(bound);
    return index < 0 ? unitOffsetFromEnd(text, -index) : unitOffset(text, index);
  };
  return text.slice(offset(bounds.start, 0), Math.max(0, offset(bounds.stop, text.length)));
}

/** `value[start:stop:step]`. @throws TemplateError */
export function slice(value: Value, bounds: Bounds): Value {
  const text = textOf(value);
  if (text !== undefined) {
    const part = sliceText(text, bounds);
    return value instanceof Markup ? new Markup(part) : part;
  }
  if (value instanceof PyList) return new PyList(sliceItems(value.items, bounds));
  if (value instanceof PyTuple) return new PyTuple(sliceItems(value.items, bounds));
  if (value instanceof PyRange) {
    const { start, stop, step } = sliceIndices(bounds, value.length);
    return new PyRange(value.at(start), value.at(stop), value.step * BigInt(step));
  }
  if (value instanceof Undefined) throw value.failure();
  throw new TemplateError("Type", `'${typeName(value)}' object is not subscriptable`);
}
