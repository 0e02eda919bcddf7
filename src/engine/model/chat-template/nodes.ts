/** Expressions and statements of a template, named as Jinja's own nodes are. */
export type Expression =
  | { readonly type: "const"; readonly value: null | boolean | bigint | number | string }
  | NameNode
  | NamespaceTarget
  | { readonly type: "tuple"; readonly items: readonly Expression[] }
  | { readonly type: "list"; readonly items: readonly Expression[] }
  | { readonly type: "dict"; readonly items: readonly (readonly [Expression, Expression])[] }
  | {
      readonly type: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly type: "logic"; readonly operator: "and" | "or"; readonly left: Expression; readonly right: Expression }
  | { readonly type: "unary"; readonly operator: "+" | "-" | "not"; readonly node: Expression }
  | { readonly type: "concat"; readonly nodes: readonly Expression[] }
  | {
      readonly type: "compare";
      readonly node: Expression;
      readonly operands: readonly { readonly operator: CompareOperator; readonly node: Expression }[];
    }
  | { readonly type: "attribute"; readonly node: Expression; readonly name: string }
  | { readonly type: "item"; readonly node: Expression; readonly key: Expression }
  | SliceNode
  | CallNode
  | FilterNode
  | ({ readonly type: "test"; readonly node: Expression; readonly name: string } & Arguments)
  | {
      readonly type: "conditional";
      readonly test: Expression;
      readonly then: Expression;
      readonly otherwise: Expression | undefined;
      readonly line: number;
    };

export type BinaryOperator = "+" | "-" | "*" | "/" | "//" | "%" | "**";
export type CompareOperator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in";

export interface NameNode {
  readonly type: "name";
  readonly name: string;
  readonly use: "load" | "store" | "param";
}

/** `ns.name` at the left of an assignment. */
export interface NamespaceTarget {
  readonly type: "namespace target";
  readonly name: string;
  readonly attribute: string;
}

export interface SliceNode {
  readonly type: "slice";
  readonly start: Expression | undefined;
  readonly stop: Expression | undefined;
  readonly step: Expression | undefined;
}

/** The arguments of a call, a filter or a test, as they are written. */
export interface Arguments {
  readonly positional: readonly Expression[];
  readonly named: readonly { readonly name: string; readonly value: Expression }[];
  /** `*list` and `**dict`. */
  readonly list: Expression | undefined;
  readonly dict: Expression | undefined;
}

export interface CallNode extends Arguments {
  readonly type: "call";
  readonly node: Expression;
}

/** Without a node it is applied to the text of the block that it heads. */
export interface FilterNode extends Arguments {
  readonly type: "filter";
  readonly node: Expression | undefined;
  readonly name: string;
}

/** The parameters of a macro or a call block, and its body. */
export interface Signature {
  readonly parameters: readonly NameNode[];
  /** The default values, of the last parameters. */
  readonly defaults: readonly Expression[];
  readonly body: readonly Statement[];
}

export interface IfNode {
  readonly type: "if";
  readonly test: Expression;
  readonly body: readonly Statement[];
  readonly elifs: readonly IfNode[];
  readonly otherwise: readonly Statement[];
}

export interface ForNode {
  readonly type: "for";
  readonly target: Expression;
  readonly iterable: Expression;
  readonly test: Expression | undefined;
  readonly recursive: boolean;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[];
}

export interface MacroNode extends Signature {
  readonly type: "macro";
  readonly name: string;
}

export interface CallBlockNode extends Signature {
  readonly type: "call block";
  readonly call: CallNode;
}

export interface FilterBlockNode {
  readonly type: "filter block";
  readonly filter: FilterNode;
  readonly body: readonly Statement[];
}

export interface WithNode {
  readonly type: "with";
  readonly targets: readonly Expression[];
  readonly values: readonly Expression[];
  readonly body: readonly Statement[];
}

export interface AssignBlockNode {
  readonly type: "assign block";
  readonly target: Expression;
  readonly filter: FilterNode | undefined;
  readonly body: readonly Statement[];
}

/** A statement of a template, or the text between statements. */
export type Statement =
  | { readonly type: "data"; readonly text: string }
  | { readonly type: "output"; readonly nodes: readonly Expression[] }
  | { readonly type: "assign"; readonly target: Expression; readonly value: Expression }
  | { readonly type: "generation"; readonly body: readonly Statement[] }
  | { readonly type: "break" }
  | { readonly type: "continue" }
  | IfNode
  | ForNode
  | MacroNode
  | CallBlockNode
  | FilterBlockNode
  | WithNode
  | AssignBlockNode;

export type Node = Expression | Statement;

const argumentNodes = ({ positional, named, list, dict }: Arguments): (Expression | undefined)[] => [
  ...positional,
  ...named.map(({ value }) => value),
  list,
  dict,
];

/** The nodes directly below `node`, in the order in which Jinja visits them. */
export function children(node: Node): Node[] {
  const found = (nodes: readonly (Node | undefined)[]): Node[] => nodes.filter((child) => child !== undefined);
  switch (node.type) {
    case "const":
    case "name":
    case "namespace target":
    case "data":
    case "break":
    case "continue":
      return [];
    case "tuple":
    case "list":
      return [...node.items];
    case "dict":
      return node.items.flat();
    case "binary":
    case "logic":
      return [node.left, node.right];
    case "unary":
    case "attribute":
      return [node.node];
    case "concat":
    case "output":
      return [...node.nodes];
    case "compare":
      return [node.node, ...node.operands.map((operand) => operand.node)];
    case "item":
      return [node.node, node.key];
    case "slice":
      return found([node.start, node.stop, node.step]);
    case "call":
    case "filter":
    case "test":
      return found([node.node, ...argumentNodes(node)]);
    case "conditional":
      return found([node.test, node.then, node.otherwise]);
    case "assign":
      return [node.target, node.value];
    case "generation":
      return [...node.body];
    case "if":
      return [node.test, ...node.body, ...node.elifs, ...node.otherwise];
    case "for":
      return found([node.target, node.iterable, ...node.body, ...node.otherwise, node.test]);
    case "macro":
      return [...node.parameters, ...node.defaults, ...node.body];
    case "call block":
      return [node.call, ...node.parameters, ...node.defaults, ...node.body];
    case "filter block":
      return [...node.body, node.filter];
    case "with":
      return [...node.targets, ...node.values, ...node.body];
    case "assign block":
      return found([node.target, node.filter, ...node.body]);
  }
}
