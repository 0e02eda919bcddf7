import { children, type Expression, type ForNode, type Node, type Signature } from "./nodes";

/** Where a variable's value comes from when its scope is entered. */
export type Load =
  | { readonly from: "parameter" }
  | { readonly from: "context"; readonly name: string }
  | { readonly from: "outer"; readonly variable: string }
  | { readonly from: "nowhere" };

/**
 * The variables of a scope. Jinja decides before a template runs which variable a name means, from where in the scope it
 * is read and set; this follows `jinja2.idtracking` step by step, so that the same names are undefined.
 */
export class Symbols {
  readonly level: number;
  variables = new Map<string, string>();
  loads = new Map<string, Load>();
  stores = new Set<string>();

  constructor(readonly parent?: Symbols) {
    this.level = parent ? parent.level + 1 : 0;
  }

  #define(name: string, load: Load): string {
    const variable = `${this.level} ${name}`;
    this.variables.set(name, variable);
    this.loads.set(variable, load);
    return variable;
  }

  find(name: string): string | undefined {
    return this.variables.get(name) ?? this.parent?.find(name);
  }

  /** The variable that a name means here, once the scope was analysed. */
  variable(name: string): string {
    const variable = this.find(name);
    if (variable === undefined) throw new Error(`The name ${name} was not analysed.`);
    return variable;
  }

  store(name: string): void {
    this.stores.add(name);
    if (this.variables.has(name)) return;
    const outer = this.parent?.find(name);
    this.#define(name, outer === undefined ? { from: "nowhere" } : { from: "outer", variable: outer });
  }

  declareParameter(name: string): string {
    this.stores.add(name);
    return this.#define(name, { from: "parameter" });
  }

  load(name: string): void {
    if (this.find(name) === undefined) this.#define(name, { from: "context", name });
  }

  #copy(): Symbols {
    const copy = new Symbols(this.parent);
    copy.variables = new Map(this.variables);
    copy.loads = new Map(this.loads);
    copy.stores = new Set(this.stores);
    return copy;
  }

  /** Takes over what the branches of an `if` set: what only some of them set keeps its value from outside in the others. */
  #mergeBranches(branches: readonly Symbols[]): void {
    const stored = new Set(branches.flatMap(({ stores }) => [...stores]).filter((name) => !this.stores.has(name)));
    for (const branch of branches) {
      for (const [name, variable] of branch.variables) this.variables.set(name, variable);
      for (const [variable, load] of branch.loads) this.loads.set(variable, load);
      for (const name of branch.stores) this.stores.add(name);
    }
    for (const name of stored) {
      const outer = this.parent?.find(name);
      this.loads.set(
        this.variable(name),
        outer === undefined ? { from: "context", name } : { from: "outer", variable: outer },
      );
    }
  }

  analyzeAll(nodes: readonly Node[], asParameter = false): void {
    for (const node of nodes) this.analyze(node, asParameter);
  }

  /** Takes in the names of a node of this scope; what opens a scope of its own is not entered. */
  analyze(node: Node, asParameter = false): void {
    switch (node.type) {
      case "name":
        if (asParameter || node.use === "param") this.declareParameter(node.name);
        else if (node.use === "store") this.store(node.name);
        else this.load(node.name);
        return;
      case "namespace target":
        this.load(node.name);
        return;
      case "if": {
        this.analyze(node.test);
        const branches = [node.body, node.elifs, node.otherwise].map((nodes) => {
          const branch = this.#copy();
          branch.analyzeAll(nodes);
          return branch;
        });
        this.#mergeBranches(branches);
        return;
      }
      case "macro":
        this.store(node.name);
        return;
      case "assign":
        this.analyze(node.value);
        this.analyze(node.target);
        return;
      case "for":
        this.analyze(node.iterable);
        return;
      case "call block":
        this.analyze(node.call);
        return;
      case "filter block":
        this.analyze(node.filter);
        return;
      case "with":
        this.analyzeAll(node.values);
        return;
      case "assign block":
        this.analyze(node.target);
        return;
      case "generation":
        return;
      default:
        this.analyzeAll(children(node), asParameter);
    }
  }

  analyzeLoop(node: ForNode, part: "body" | "else" | "test"): void {
    if (part !== "else") this.analyze(node.target, true);
    if (part === "test") {
      if (node.test) this.analyze(node.test);
    } else {
      this.analyzeAll(part === "body" ? node.body : node.otherwise);
    }
  }

  analyzeSignature({ parameters, defaults, body }: Signature): void {
    this.analyzeAll([...parameters, ...defaults, ...body]);
  }
}

/** Which of `names` are read in `nodes` before anything there sets them. */
export function undeclared(nodes: readonly Node[], ...names: string[]): Set<string> {
  const open = new Set(names);
  const found = new Set<string>();
  const visit = (node: Node): void => {
    if (node.type !== "name") children(node).forEach(visit);
    else if (node.use === "load" && open.has(node.name)) found.add(node.name);
    else open.delete(node.name);
  };
  nodes.forEach(visit);
  return found;
}

/** Whether anything in `nodes` sets `name`. */
export function stores(nodes: readonly Node[], name: string): boolean {
  return nodes.some((node) =>
    node.type === "name" ? node.use === "store" && node.name === name : stores(children(node), name),
  );
}

/** The names and namespace attributes that a target of an assignment sets. */
export function targets(node: Expression): Expression[] {
  return node.type === "tuple" ? node.items.flatMap(targets) : [node];
}
