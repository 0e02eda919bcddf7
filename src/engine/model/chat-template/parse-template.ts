import { tokenize } from "./lexer";
import type { Expression, ForNode, IfNode, NameNode, Statement, WithNode } from "./nodes";
import { bracketed, parseExpression, parseFilter, parseTuple, type TupleEnd } from "./parse-expression";
import { parsePrimary } from "./parse-primary";
import { type TemplateError, unsupported } from "./template-error";
import { TokenStream } from "./token-stream";

/** The statements of a template. @throws TemplateError */
export function parseTemplate(template: string): Statement[] {
  return new StatementParser(new TokenStream(tokenize(template))).parse();
}

/** Tags that Jinja has and transformers' templates do not need: they load other templates, or escape HTML. */
const REFUSED = new Set(["block", "extends", "include", "import", "from", "autoescape"]);
const CONSTANT_NAMES = new Set(["true", "false", "none", "True", "False", "None"]);

class StatementParser {
  readonly #stream: TokenStream;

  constructor(stream: TokenStream) {
    this.#stream = stream;
  }

  parse(): Statement[] {
    return this.#parseUntil([]);
  }

  /** Statements up to one of the tags `ends`, whose name is then the current token. */
  #parseUntil(ends: readonly string[]): Statement[] {
    const stream = this.#stream;
    const body: Statement[] = [];
    while (!stream.is("end")) {
      if (stream.is("data")) {
        body.push({ type: "data", text: stream.next().text });
      } else if (stream.is("variable begin")) {
        stream.next();
        body.push({ type: "output", nodes: [parseTuple(stream)] });
        stream.expect("variable end");
      } else {
        stream.expect("block begin");
        if (ends.length > 0 && stream.is("name", ...ends)) return body;
        body.push(this.#parseStatement(ends));
        stream.expect("block end");
      }
    }
    if (ends.length > 0) throw this.#unexpected("Unexpected end of template.", ends);
    return body;
  }

  #unexpected(message: string, ends: readonly string[]): TemplateError {
    const wanted = ends.length > 0 ? ` Jinja was looking for ${ends.map((end) => `'${end}'`).join(" or ")}.` : "";
    return this.#stream.failure(message + wanted);
  }

  /** The body of a statement; the tag that ends it is passed, and returned. */
  #parseBody(...ends: string[]): { body: Statement[]; end: string } {
    this.#stream.skip("operator", ":");
    this.#stream.expect("block end");
    const body = this.#stream.nested(() => this.#parseUntil(ends));
    return { body, end: this.#stream.next().text };
  }

  #parseStatement(ends: readonly string[]): Statement {
    const stream = this.#stream;
    if (!stream.is("name")) throw stream.failure("tag name expected");
    const { text: tag } = stream.current;
    if (REFUSED.has(tag)) throw unsupported(`The tag '${tag}'`);
    const parse = this.#statements.get(tag);
    if (!parse) throw this.#unexpected(`Encountered unknown tag '${tag}'.`, ends);
    stream.next();
    const node = parse();
    return node;
  }

  readonly #statements = new Map<string, () => Statement>([
    ["if", () => this.#parseIf()],
    ["for", () => this.#parseFor()],
    ["set", () => this.#parseSet()],
    ["with", () => this.#parseWith()],
    ["print", () => this.#parsePrint()],
    ["macro", () => ({ type: "macro", name: this.#parseName(), ...this.#parseSignature("endmacro") })],
    ["call", () => this.#parseCallBlock()],
    [
      "filter",
      () => ({ type: "filter block", filter: this.#parseFilters(true), body: this.#parseBody("endfilter").body }),
    ],
    ["generation", () => ({ type: "generation", body: this.#parseBody("endgeneration").body })],
    ["break", () => ({ type: "break" })],
    ["continue", () => ({ type: "continue" })],
  ]);

  #parseIf(): IfNode {
    const test = parseTuple(this.#stream, { withConditional: false });
    let { body, end } = this.#parseBody("elif", "else", "endif");
    const elifs: IfNode[] = [];
    const result = { type: "if" as const, test, body, elifs, otherwise: [] as Statement[] };
    while (end === "elif") {
      const condition = parseTuple(this.#stream, { withConditional: false });
      ({ body, end } = this.#parseBody("elif", "else", "endif"));
      elifs.push({ type: "if", test: condition, body, elifs: [], otherwise: [] });
    }
    if (end === "else") result.otherwise = this.#parseBody("endif").body;
    return result;
  }

  #parseFor(): ForNode {
    const stream = this.#stream;
    const target = this.#parseTarget({ end: () => stream.is("name", "in") });
    stream.expect("name", "in");
    const iterable = parseTuple(stream, { withConditional: false, end: () => stream.is("name", "recursive") });
    const test = stream.skip("name", "if") ? parseExpression(stream) : undefined;
    const recursive = stream.skip("name", "recursive");
    const { body, end } = this.#parseBody("endfor", "else");
    const otherwise = end === "else" ? this.#parseBody("endfor").body : [];
    return { type: "for", target, iterable, test, recursive, body, otherwise };
  }

  #parseSet(): Statement {
    const target = this.#parseTarget({ withNamespace: true });
    if (this.#stream.skip("operator", "=")) return { type: "assign", target, value: parseTuple(this.#stream) };
    const filter = this.#stream.isOperator("|") ? this.#parseFilters(false) : undefined;
    return { type: "assign block", target, filter, body: this.#parseBody("endset").body };
  }

  #parseWith(): WithNode {
    const stream = this.#stream;
    const targets: Expression[] = [];
    const values: Expression[] = [];
    while (!stream.is("block end")) {
      if (targets.length > 0) stream.expect("operator", ",");
      targets.push(this.#parseTarget({ use: "param" }));
      stream.expect("operator", "=");
      values.push(parseExpression(stream));
    }
    return { type: "with", targets, values, body: this.#parseBody("endwith").body };
  }

  #parsePrint(): Statement {
    const nodes: Expression[] = [];
    while (!this.#stream.is("block end")) {
      if (nodes.length > 0) this.#stream.expect("operator", ",");
      nodes.push(parseExpression(this.#stream));
    }
    return { type: "output", nodes };
  }

  #parseCallBlock(): Statement {
    const stream = this.#stream;
    const signature = stream.isOperator("(") ? this.#parseParameters() : { parameters: [], defaults: [] };
    const { line } = stream.current;
    const call = parseExpression(stream);
    if (call.type !== "call") throw stream.failure("expected call", line);
    return { type: "call block", call, ...signature, body: this.#parseBody("endcall").body };
  }

  /** Filters that are applied to a block, one to the outcome of the one before. */
  #parseFilters(first: boolean): ReturnType<typeof parseFilter> {
    let filter = first ? parseFilter(this.#stream, undefined) : undefined;
    while (this.#stream.skip("operator", "|")) filter = parseFilter(this.#stream, filter);
    if (!filter) throw this.#stream.failure("expected a filter");
    return filter;
  }

  #parseName(): string {
    const { text } = this.#stream.expect("name");
    if (CONSTANT_NAMES.has(text)) throw this.#stream.failure("can't assign to 'const'");
    return text;
  }

  #parseParameters(): { parameters: NameNode[]; defaults: Expression[] } {
    const stream = this.#stream;
    const parameters: NameNode[] = [];
    const defaults: Expression[] = [];
    stream.expect("operator", "(");
    while (!stream.isOperator(")")) {
      if (parameters.length > 0) stream.expect("operator", ",");
      const name = this.#parseName();
      if (parameters.some((parameter) => parameter.name === name)) throw stream.failure(`duplicate argument '${name}'`);
      if (stream.skip("operator", "=")) defaults.push(parseExpression(stream));
      else if (defaults.length > 0) throw stream.failure("non-default argument follows default argument");
      parameters.push({ type: "name", name, use: "param" });
    }
    stream.next();
    return { parameters, defaults };
  }

  #parseSignature(end: string): { parameters: NameNode[]; defaults: Expression[]; body: Statement[] } {
    return { ...this.#parseParameters(), body: this.#parseBody(end).body };
  }

  #parseTarget(options: { end?: TupleEnd; withNamespace?: boolean; use?: "store" | "param" }): Expression {
    const { end, withNamespace = false, use = "store" } = options;
    const target = parseTuple(this.#stream, { end, item: () => parsePrimary(this.#stream, bracketed, withNamespace) });
    return this.#toTarget(target, use);
  }

  #toTarget(node: Expression, use: "store" | "param"): Expression {
    switch (node.type) {
      case "name":
        return { ...node, use };
      case "namespace target":
        return node;
      case "tuple":
        return { type: "tuple", items: node.items.map((item) => this.#toTarget(item, use)) };
      default:
        throw this.#stream.failure(`can't assign to '${node.type}'`);
    }
  }
}
