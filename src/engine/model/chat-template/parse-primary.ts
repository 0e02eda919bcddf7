import type { Expression } from "./nodes";
import { describe, type TokenStream } from "./token-stream";

/** How to read what stands within brackets; handed in, since that is again an expression. */
export interface BracketedParsers {
  /** A key, value or item. @throws TemplateError */
  readonly expression: (stream: TokenStream) => Expression;
  /** What stands between `(` and `)`. @throws TemplateError */
  readonly tuple: (stream: TokenStream) => Expression;
}

const constants = new Map<string, boolean | null>([
  ["true", true],
  ["True", true],
  ["false", false],
  ["False", false],
  ["none", null],
  ["None", null],
]);

/** A name, a literal or what stands in parentheses; in a target of `set` also `ns.name`. @throws TemplateError */
export function parsePrimary(stream: TokenStream, bracketed: BracketedParsers, withNamespace = false): Expression {
  return stream.nested(() => {
    const { kind, text, value } = stream.current;
    switch (kind) {
      case "name": {
        stream.next();
        const constant = constants.get(text);
        if (constant !== undefined) return { type: "const", value: constant };
        if (withNamespace && stream.skip("operator", ".")) {
          return { type: "namespace target", name: text, attribute: stream.expect("name").text };
        }
        return { type: "name", name: text, use: "load" };
      }
      case "string": {
        let joined = "";
        while (stream.is("string")) joined += stream.next().text;
        return { type: "const", value: joined };
      }
      case "integer":
      case "float":
        stream.next();
        return { type: "const", value: value ?? null };
      default:
        return parseBracketed(stream, bracketed);
    }
  });
}

function parseBracketed(stream: TokenStream, { expression, tuple }: BracketedParsers): Expression {
  if (stream.skip("operator", "(")) {
    const node = tuple(stream);
    stream.expect("operator", ")");
    return node;
  }
  if (stream.skip("operator", "[")) {
    return { type: "list", items: parseItems(stream, "]", () => expression(stream)) };
  }
  if (stream.skip("operator", "{")) {
    const pair = (): readonly [Expression, Expression] => {
      const key = expression(stream);
      stream.expect("operator", ":");
      return [key, expression(stream)];
    };
    return { type: "dict", items: parseItems(stream, "}", pair) };
  }
  throw stream.failure(`unexpected '${describe(stream.current)}'`);
}

function parseItems<T>(stream: TokenStream, end: string, item: () => T): T[] {
  const items: T[] = [];
  while (!stream.isOperator(end)) {
    if (items.length > 0) stream.expect("operator", ",");
    if (stream.isOperator(end)) break;
    items.push(item());
  }
  stream.next();
  return items;
}
