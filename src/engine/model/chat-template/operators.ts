import { contains, equal, less, lessOrEqual } from "./compare";
import { escapeHtml } from "./escape-html";
import { boundedBits, spend, spendItems, spendText } from "./limits";
import type { BinaryOperator, CompareOperator } from "./nodes";
import { formatPercent } from "./percent-format";
import { TemplateError } from "./template-error";
import { integerOf, Markup, numeric, PyList, PyTuple, textOf, typeName, Undefined, type Value } from "./values";

/** What an operator gives, as Python has it. @throws TemplateError */
export function binary(operator: BinaryOperator, left: Value, right: Value): Value {
  // A text formats whatever it is given, an undefined value too.
  const format = operator === "%" ? textOf(left) : undefined;
  if (format !== undefined) {
    const text = formatPercent(format, right, left instanceof Markup ? escapeHtml : undefined);
    return left instanceof Markup ? new Markup(text) : text;
  }
  if (left instanceof Undefined) throw left.failure();
  if (right instanceof Undefined) throw right.failure();
  const a = numeric(left);
  const b = numeric(right);
  if (a !== undefined && b !== undefined) {
    return typeof a === "bigint" && typeof b === "bigint"
      ? integerArithmetic(operator, a, b)
      : floatArithmetic(operator, Number(a), Number(b));
  }
  const joined = operator === "+" ? join(left, right) : operator === "*" ? repeat(left, right) : undefined;
  if (joined !== undefined) return joined;
  const name = operator === "**" ? "** or pow()" : operator;
  throw new TemplateError(
    "Type",
    `unsupported operand type(s) for ${name}: '${typeName(left)}' and '${typeName(right)}'`,
  );
}

function join(left: Value, right: Value): Value | undefined {
  if (typeof left === "string" && typeof right === "string") {
    spendText(left.length + right.length);
    return left + right;
  }
  if (left instanceof PyList && right instanceof PyList) {
    spendItems(left.items.length + right.items.length);
    return new PyList([...left.items, ...right.items]);
  }
  if (left instanceof PyTuple && right instanceof PyTuple) {
    spendItems(left.items.length + right.items.length);
    return new PyTuple([...left.items, ...right.items]);
  }
  if (textOf(left) !== undefined && textOf(right) !== undefined)
    return new Markup(escapeHtml(left) + escapeHtml(right));
  return undefined;
}

function repeat(left: Value, right: Value): Value | undefined {
  const times = integerOf(left) ?? integerOf(right);
  const value = integerOf(left) === undefined ? left : right;
  if (times === undefined) return undefined;
  const count = times < 0n ? 0 : Number(times);
  const text = textOf(value);
  if (text !== undefined) {
    if (text === "") return value;
    spendText(text.length * count);
    return typeof value === "string" ? text.repeat(count) : new Markup(text.repeat(count));
  }
  if (!(value instanceof PyList || value instanceof PyTuple)) return undefined;
  if (value.items.length === 0) return value;
  spendItems(value.items.length * count);
  spend(count);
  const items = Array.from({ length: count }, () => value.items).flat();
  return value instanceof PyList ? new PyList(items) : new PyTuple(items);
}

function bits(value: bigint): number {
  return value.toString(16).length * 4;
}

/** Pays for an operation on integers, by their bits where they are large. */
function spendIntegers(a: bigint, b: bigint): void {
  if (BigInt.asIntN(64, a) !== a || BigInt.asIntN(64, b) !== b) spend((bits(a) + bits(b)) / 8);
}

function integerArithmetic(operator: BinaryOperator, a: bigint, b: bigint): Value {
  if ((operator === "/" || operator === "//" || operator === "%") && b === 0n) throw divisionByZero();
  spendIntegers(a, b);
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      boundedBits(bits(a) + bits(b));
      return a * b;
    case "/":
      return divideIntegers(a, b);
    case "//":
      return floorDivideInteger(a, b);
    case "%":
      return a - b * floorDivideInteger(a, b);
    case "**":
      if (b < 0n) return floatArithmetic("**", Number(a), Number(b));
      if (a !== 0n && a !== 1n && a !== -1n) spend(boundedBits(bits(a) * Number(b)) / 32);
      return a ** b;
  }
}

/** Python's `a // b`. @throws TemplateError */
export function floorDivideInteger(a: bigint, b: bigint): bigint {
  if (b === 0n) throw divisionByZero();
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/** `a / b` as the nearest float, also where one of them is beyond what a float holds. @throws TemplateError */
export function divideIntegers(a: bigint, b: bigint): number {
  const shift = Math.max(0, bits(b) - bits(a) + 70);
  const numerator = (a < 0n ? -a : a) << BigInt(shift);
  const denominator = b < 0n ? -b : b;
  // Enough digits, and a last one that says whether anything was cut off: then it is rounded but once.
  const quotient = ((numerator / denominator) << 1n) | (numerator % denominator === 0n ? 0n : 1n);
  const magnitude = Number(quotient) / 2 ** (shift + 1 > 1000 ? 1000 : shift + 1) / 2 ** Math.max(0, shift + 1 - 1000);
  if (!Number.isFinite(magnitude)) throw new TemplateError("Overflow", "integer division result too large for a float");
  return a < 0n === b < 0n ? magnitude : -magnitude;
}

function floatArithmetic(operator: BinaryOperator, a: number, b: number): number {
  if (operator === "/" || operator === "//" || operator === "%") {
    if (b === 0) throw divisionByZero();
  }
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "//":
      return floorDivideFloats(a, b);
    case "%":
      return moduloFloats(a, b);
    case "**":
      return power(a, b);
  }
}

function moduloFloats(a: number, b: number): number {
  const rest = a % b;
  if (rest === 0) return b < 0 ? -0 : 0;
  return rest < 0 !== b < 0 ? rest + b : rest;
}

/** Floor division of floats as CPython's `float_floor_div`: from the remainder, not from a rounded quotient. */
function floorDivideFloats(a: number, b: number): number {
  const rest = a % b;
  const truncated = (a - rest) / b;
  const quotient = rest !== 0 && rest < 0 !== b < 0 ? truncated - 1 : truncated;
  if (quotient === 0) return a / b < 0 || Object.is(a / b, -0) ? -0 : 0;
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

function power(a: number, b: number): number {
  if (a === 0 && b < 0) throw new TemplateError("ZeroDivision", "0.0 cannot be raised to a negative power");
  if (a === 1 || b === 0) return 1;
  if (a === -1 && Math.abs(b) === Infinity) return 1;
  if (a < 0 && Number.isFinite(a) && Number.isFinite(b) && !Number.isInteger(b)) {
    throw new TemplateError("Unsupported", "a complex number is not supported");
  }
  const result = a ** b;
  if (!Number.isFinite(result) && Number.isFinite(a) && Number.isFinite(b)) {
    throw new TemplateError("Overflow", "(34, 'Numerical result out of range')");
  }
  return result;
}

function divisionByZero(): TemplateError {
  return new TemplateError("ZeroDivision", "division by zero");
}

/** `+value` or `-value`. @throws TemplateError */
export function sign(operator: "+" | "-", value: Value): Value {
  if (value instanceof Undefined) throw value.failure();
  const number = numeric(value);
  if (number === undefined) {
    throw new TemplateError("Type", `bad operand type for unary ${operator}: '${typeName(value)}'`);
  }
  return operator === "-" ? -number : number;
}

/** What a comparison gives, as Python has it. @throws TemplateError */
export function compare(operator: CompareOperator, left: Value, right: Value): boolean {
  switch (operator) {
    case "==":
      return equal(left, right);
    case "!=":
      return !equal(left, right);
    case "<":
      return less(left, right);
    case "<=":
      return lessOrEqual(left, right);
    case ">":
      return less(right, left, ">");
    case ">=":
      return lessOrEqual(right, left, ">=");
    case "in":
      return contains(right, left);
    case "not in":
      return !contains(right, left);
  }
}
