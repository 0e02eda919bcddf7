import type { Arguments, BinaryOperator, CallNode, CompareOperator, Expression, FilterNode } from "./nodes";
import { type BracketedParsers, parsePrimary } from "./parse-primary";
import type { TokenStream } from "./token-stream";

/** Whether a tuple without parentheses ends at the current token. */
export type TupleEnd = (stream: TokenStream) => boolean;

/** An expression, with `… if … else …` unless that follows in a statement. @throws TemplateError */
export function parseExpression(stream: TokenStream, withConditional = true): Expression {
  return stream.nested(() => (withConditional ? parseConditional(stream) : parseOr(stream)));
}

/** An expression, or several with commas, which are a tuple. @throws TemplateError */
export function parseTuple(
  stream: TokenStream,
  options: { withConditional?: boolean; end?: TupleEnd; inParentheses?: boolean; item?: () => Expression } = {},
): Expression {
  const { withConditional = true, end, inParentheses = false } = options;
  const item = options.item ?? (() => parseExpression(stream, withConditional));
  const atEnd = (): boolean =>
    stream.is("variable end") || stream.is("block end") || stream.isOperator(")") || (end?.(stream) ?? false);
  const items: Expression[] = [];
  let isTuple = false;
  for (;;) {
    if (items.length > 0) stream.expect("operator", ",");
    if (atEnd()) break;
    items.push(item());
    if (!stream.isOperator(",")) break;
    isTuple = true;
  }
  if (!isTuple) {
    const [only] = items;
    if (only !== undefined) return only;
    if (!inParentheses) throw stream.failure(`Expected an expression, got '${stream.current.text}'`);
  }
  return { type: "tuple", items };
}

/** How a primary reads what stands within its brackets. */
export const bracketed: BracketedParsers = {
  expression: (stream) => parseExpression(stream),
  tuple: (stream) => parseTuple(stream, { inParentheses: true }),
};

function parseConditional(stream: TokenStream): Expression {
  let line = stream.current.line;
  let node = parseOr(stream);
  while (stream.skip("name", "if")) {
    const test = parseOr(stream);
    const otherwise = stream.skip("name", "else") ? stream.nested(() => parseConditional(stream)) : undefined;
    node = { type: "conditional", test, then: node, otherwise, line };
    line = stream.current.line;
  }
  return node;
}

function parseOr(stream: TokenStream): Expression {
  let left = parseAnd(stream);
  while (stream.skip("name", "or")) left = { type: "logic", operator: "or", left, right: parseAnd(stream) };
  return left;
}

function parseAnd(stream: TokenStream): Expression {
  let left = parseNot(stream);
  while (stream.skip("name", "and")) left = { type: "logic", operator: "and", left, right: parseNot(stream) };
  return left;
}

function parseNot(stream: TokenStream): Expression {
  if (!stream.skip("name", "not")) return parseCompare(stream);
  return { type: "unary", operator: "not", node: stream.nested(() => parseNot(stream)) };
}

function compareOperator(stream: TokenStream): CompareOperator | undefined {
  if (stream.isOperator("==", "!=", "<", "<=", ">", ">=")) return stream.next().text as CompareOperator;
  if (stream.skip("name", "in")) return "in";
  if (!stream.is("name", "not") || stream.following.kind !== "name" || stream.following.text !== "in") return undefined;
  stream.next();
  stream.next();
  return "not in";
}

function parseCompare(stream: TokenStream): Expression {
  const node = parseSum(stream);
  const operands: { operator: CompareOperator; node: Expression }[] = [];
  for (let operator = compareOperator(stream); operator; operator = compareOperator(stream)) {
    operands.push({ operator, node: parseSum(stream) });
  }
  return operands.length === 0 ? node : { type: "compare", node, operands };
}

function parseSum(stream: TokenStream): Expression {
  return parseBinary(stream, ["+", "-"], parseConcat);
}

function parseConcat(stream: TokenStream): Expression {
  const first = parseProduct(stream);
  const nodes = [first];
  while (stream.skip("operator", "~")) nodes.push(parseProduct(stream));
  return nodes.length === 1 ? first : { type: "concat", nodes };
}

function parseProduct(stream: TokenStream): Expression {
  return parseBinary(stream, ["*", "/", "//", "%"], parsePower);
}

/** Powers, `a ** b`; they are grouped from left to right, unlike Python's. */
function parsePower(stream: TokenStream): Expression {
  return parseBinary(stream, ["**"], parseUnary);
}

function parseBinary(
  stream: TokenStream,
  operators: readonly BinaryOperator[],
  operand: (stream: TokenStream) => Expression,
): Expression {
  let left = operand(stream);
  while (stream.isOperator(...operators)) {
    const operator = stream.next().text as BinaryOperator;
    left = { type: "binary", operator, left, right: operand(stream) };
  }
  return left;
}

function parseUnary(stream: TokenStream, withFilter = true): Expression {
  let node: Expression;
  if (stream.isOperator("-", "+")) {
    const operator = stream.next().text as "-" | "+";
    node = { type: "unary", operator, node: stream.nested(() => parseUnary(stream, false)) };
  } else {
    node = parsePrimary(stream, bracketed);
  }
  node = parsePostfix(stream, node);
  return withFilter ? parseFiltersAndTests(stream, node) : node;
}

function parsePostfix(stream: TokenStream, start: Expression): Expression {
  let node = start;
  for (;;) {
    if (stream.isOperator(".", "[")) node = parseSubscript(stream, node);
    else if (stream.isOperator("(")) node = parseCall(stream, node);
    else return node;
  }
}

function parseFiltersAndTests(stream: TokenStream, start: Expression): Expression {
  let node = start;
  for (;;) {
    if (stream.skip("operator", "|")) node = parseFilter(stream, node);
    else if (stream.skip("name", "is")) node = parseTest(stream, node);
    else if (stream.isOperator("(")) node = parseCall(stream, node);
    else return node;
  }
}

function parseSubscript(stream: TokenStream, node: Expression): Expression {
  if (stream.skip("operator", ".")) {
    const { kind, text, value } = stream.next();
    if (kind === "name") return { type: "attribute", node, name: text };
    if (kind === "integer" && value !== undefined) return { type: "item", node, key: { type: "const", value } };
    throw stream.failure("expected name or number");
  }
  stream.expect("operator", "[");
  const keys: Expression[] = [];
  while (!stream.isOperator("]")) {
    if (keys.length > 0) stream.expect("operator", ",");
    keys.push(parseKey(stream));
  }
  stream.next();
  const [key] = keys;
  return { type: "item", node, key: key !== undefined && keys.length === 1 ? key : { type: "tuple", items: keys } };
}

function parseKey(stream: TokenStream): Expression {
  const bound = (): Expression | undefined => (stream.isOperator(":", "]", ",") ? undefined : parseExpression(stream));
  const start = bound();
  if (!stream.isOperator(":")) {
    if (start === undefined) throw stream.failure(`unexpected '${stream.current.text}'`);
    return start;
  }
  stream.next();
  const stop = bound();
  const step = stream.skip("operator", ":") ? bound() : undefined;
  return { type: "slice", start, stop, step };
}

/** `node(…)`. @throws TemplateError */
export function parseCall(stream: TokenStream, node: Expression): CallNode {
  return { type: "call", node, ...parseArguments(stream) };
}

function parseArguments(stream: TokenStream): Arguments {
  const { line } = stream.expect("operator", "(");
  const positional: Expression[] = [];
  const named: { name: string; value: Expression }[] = [];
  let list: Expression | undefined;
  let dict: Expression | undefined;
  const ensure = (valid: boolean): void => {
    if (!valid) throw stream.failure("invalid syntax for function call expression", line);
  };
  for (let first = true; !stream.isOperator(")"); first = false) {
    if (!first) {
      stream.expect("operator", ",");
      if (stream.isOperator(")")) break;
    }
    if (stream.skip("operator", "*")) {
      ensure(list === undefined && dict === undefined);
      list = parseExpression(stream);
    } else if (stream.skip("operator", "**")) {
      ensure(dict === undefined);
      dict = parseExpression(stream);
    } else if (stream.is("name") && stream.following.kind === "operator" && stream.following.text === "=") {
      ensure(dict === undefined);
      const name = stream.next().text;
      stream.next();
      if (named.some((argument) => argument.name === name)) throw stream.failure(`keyword argument repeated: ${name}`);
      named.push({ name, value: parseExpression(stream) });
    } else {
      ensure(list === undefined && dict === undefined && named.length === 0);
      positional.push(parseExpression(stream));
    }
  }
  stream.next();
  return { positional, named, list, dict };
}

const noArguments: Arguments = { positional: [], named: [], list: undefined, dict: undefined };

function parseDottedName(stream: TokenStream): string {
  let name = stream.expect("name").text;
  while (stream.skip("operator", ".")) name += `.${stream.expect("name").text}`;
  return name;
}

/** A filter after its `|`. @throws TemplateError */
export function parseFilter(stream: TokenStream, node: Expression | undefined): FilterNode {
  const name = parseDottedName(stream);
  return { type: "filter", node, name, ...(stream.isOperator("(") ? parseArguments(stream) : noArguments) };
}

function parseTest(stream: TokenStream, node: Expression): Expression {
  const negated = stream.skip("name", "not");
  const name = parseDottedName(stream);
  let given = noArguments;
  if (stream.isOperator("(")) {
    given = parseArguments(stream);
  } else if (
    (stream.is("name") ||
      stream.is("string") ||
      stream.is("integer") ||
      stream.is("float") ||
      stream.isOperator("[", "{")) &&
    !stream.is("name", "else", "or", "and")
  ) {
    if (stream.is("name", "is")) throw stream.failure("You cannot chain multiple tests with is");
    given = { ...noArguments, positional: [parsePostfix(stream, parsePrimary(stream, bracketed))] };
  }
  const test: Expression = { type: "test", node, name, ...given };
  return negated ? { type: "unary", operator: "not", node: test } : test;
}
