import { bind } from "./arguments";
import { equal } from "./compare";
import { PyDict } from "./dict";
import type { Test } from "./filter-types";
import { isIterable } from "./iterate";
import type { CompareOperator } from "./nodes";
import { binary, compare } from "./operators";
import { questions } from "./string-case";
import { toText } from "./text";
import { Callable, Markup, numeric, PyRange, Sequence, textOf, Undefined, type Value } from "./values";

const alone =
  (name: string, body: (value: Value) => boolean): Test =>
  (value, given) => {
    bind(name, "", given);
    return body(value);
  };

const comparing =
  (operator: CompareOperator): Test =>
  (value, given) => {
    const [other = null] = bind(operator, "/ b", given);
    return compare(operator, value, other);
  };

const remainder = (name: string, divisor: bigint, wanted: bigint): Test =>
  alone(name, (value) => equal(binary("%", value, divisor), wanted));

function hasItems(value: Value): boolean {
  return (
    textOf(value) !== undefined ||
    value instanceof Sequence ||
    value instanceof PyDict ||
    value instanceof PyRange ||
    value instanceof Undefined
  );
}

/** Python's `is`: the same object, of which there is one for each small number and short text of a template. */
function same(value: Value, other: Value): boolean {
  return typeof value === typeof other && Object.is(value, other);
}

/** Jinja's tests, by name, but for `filter` and `test`, which ask for names. */
export const tests = new Map<string, Test>(
  Object.entries({
    odd: remainder("odd", 2n, 1n),
    even: remainder("even", 2n, 0n),
    divisibleby: (value, given) => {
      const [divisor = null] = bind("divisibleby", "num", given);
      return equal(binary("%", value, divisor), 0n);
    },
    defined: alone("defined", (value) => !(value instanceof Undefined)),
    undefined: alone("undefined", (value) => value instanceof Undefined),
    none: alone("none", (value) => value === null),
    boolean: alone("boolean", (value) => typeof value === "boolean"),
    true: alone("true", (value) => value === true),
    false: alone("false", (value) => value === false),
    integer: alone("integer", (value) => typeof value === "bigint"),
    float: alone("float", (value) => typeof value === "number"),
    number: alone("number", (value) => numeric(value) !== undefined),
    string: alone("string", (value) => textOf(value) !== undefined),
    lower: alone("lower", (value) => questions.islower(toText(value))),
    upper: alone("upper", (value) => questions.isupper(toText(value))),
    mapping: alone("mapping", (value) => value instanceof PyDict),
    sequence: alone("sequence", hasItems),
    iterable: alone("iterable", isIterable),
    callable: alone("callable", (value) => value instanceof Callable || value instanceof Undefined),
    escaped: alone("escaped", (value) => value instanceof Markup),
    sameas: (value, given) => same(value, bind("sameas", "other", given)[0] ?? null),
    in: (value, given) => compare("in", value, bind("in", "seq", given)[0] ?? null),
    "==": comparing("=="),
    eq: comparing("=="),
    equalto: comparing("=="),
    "!=": comparing("!="),
    ne: comparing("!="),
    ">": comparing(">"),
    gt: comparing(">"),
    greaterthan: comparing(">"),
    ">=": comparing(">="),
    ge: comparing(">="),
    "<": comparing("<"),
    lt: comparing("<"),
    lessthan: comparing("<"),
    "<=": comparing("<="),
    le: comparing("<="),
  } satisfies Record<string, Test>),
);
