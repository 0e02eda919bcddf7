import { ParamscopeError } from "../../errors";
import { quote } from "./quote";

const NAMED = 4;

/** The error for tensors that an architecture does not have: one that is left out would be a computation that is approximated. */
export function unknownTensors(
  path: string,
  names: readonly string[],
  architecture: string,
  remedy: string,
): ParamscopeError {
  const some = names.slice(0, NAMED).map((name) => quote(name));
  const more = names.length - some.length;
  const [last = "", ...before] = more > 0 ? [`${more} more`, ...some] : some.toReversed();
  const list = before.length === 0 ? last : `${(more > 0 ? before : before.toReversed()).join(", ")} and ${last}`;
  return new ParamscopeError(
    `${path}: the ${names.length === 1 ? "tensor" : "tensors"} ${list} ${names.length === 1 ? "is" : "are"} not part of the architecture ${architecture} as it is supported.`,
    remedy,
  );
}
