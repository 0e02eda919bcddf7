import { onnx } from "onnx-proto";

import type { Node, Operation, OperationInputs } from "../../graph/graph";

export const CONTRIB = "com.microsoft";
export const { FLOAT, INT64 } = onnx.TensorProto.DataType;

export type Attribute = number | readonly number[] | string | { float: number };
type Attributes = Readonly<Record<string, Attribute>>;

/** One graph being written: ONNX nodes in order, and the constants that they need. */
export class Writer {
  readonly nodes: onnx.INodeProto[] = [];
  readonly initializers = new Map<string, onnx.ITensorProto>();
  #next = 0;

  emit(
    opType: string,
    inputs: readonly string[],
    output: string | undefined,
    attributes: Attributes = {},
    domain = "",
  ): string {
    const name = output ?? this.name();
    this.#push(opType, inputs, [name], { attributes, domain });
    return name;
  }

  /** An operation with two outputs. */
  emitTwo(opType: string, inputs: readonly string[], attributes: Attributes): [string, string] {
    const names: [string, string] = [this.name(), this.name()];
    this.#push(opType, inputs, names, { attributes, domain: "" });
    return names;
  }

  #push(
    opType: string,
    inputs: readonly string[],
    outputs: readonly string[],
    { attributes, domain }: { readonly attributes: Attributes; readonly domain: string },
  ): void {
    const attribute = Object.entries(attributes).map(([key, value]) => attributeProto(key, value));
    this.nodes.push({ opType, input: [...inputs], output: [...outputs], attribute, domain });
  }

  /** Several nodes that run once for each slice of their inputs along an axis. */
  scan(
    inputs: readonly string[],
    outputs: readonly string[],
    body: onnx.IGraphProto,
    attributes: Readonly<Record<string, Attribute>>,
  ): void {
    const graph = { name: "body", type: onnx.AttributeProto.AttributeType.GRAPH, g: body };
    const attribute = [graph, ...Object.entries(attributes).map(([key, value]) => attributeProto(key, value))];
    this.nodes.push({ opType: "Scan", input: [...inputs], output: [...outputs], attribute });
  }

  /** A name that nothing has so far. */
  name(): string {
    return `t${this.#next++}`;
  }

  integers(values: readonly number[]): string {
    const name = `i_${values.join("_")}`;
    this.initializers.set(name, { name, dims: [values.length], dataType: INT64, int64Data: [...values] });
    return name;
  }

  table(id: number, dims: readonly number[], values: Float32Array): string {
    const name = `table_${id}`;
    this.initializers.set(name, { name, dims: [...dims], dataType: FLOAT, floatData: [...values] });
    return name;
  }

  scalar(value: number): string {
    const name = `c_${value}`;
    this.initializers.set(name, { name, dims: [], dataType: FLOAT, floatData: [value] });
    return name;
  }
}

function attributeProto(name: string, value: Attribute): onnx.IAttributeProto {
  const { AttributeType } = onnx.AttributeProto;
  if (typeof value === "number") return { name, type: AttributeType.INT, i: value };
  if (typeof value === "string") return { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) };
  if ("float" in value) return { name, type: AttributeType.FLOAT, f: value.float };
  return { name, type: AttributeType.INTS, ints: [...value] };
}

/** Writes one operation; `x` are the names of its inputs, `y` is the name that its output must have. */
export type Serializer<Op extends Operation> = (
  w: Writer,
  node: Node<Op>,
  x: OperationInputs<string>[Op],
  y: string,
) => void;

/** How operations are written that have a way of their own on a device. */
export type Serializers = { readonly [Op in Exclude<Operation, "input" | "constant" | "table">]: Serializer<Op> };
