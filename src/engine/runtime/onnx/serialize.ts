import { onnx } from "onnx-proto";

import {
  mapInputs,
  reshapeTemplate,
  topological,
  type Graph,
  type Node,
  type Operation,
  type Shape,
} from "../../graph/graph";
import { CONTRIB, FLOAT, INT64, Writer, type Attribute, type Serializer, type Serializers } from "./writer";

const OPSET = 20;
/** Where a slice ends that goes to the end. */
const END = 2 ** 31 - 1;

/** An empty sequence, the first output of a graph; `runInto` of the runtime says what for. */
export const WRITTEN = "written";

const plain =
  (opType: string, domain = ""): Serializer<Operation> =>
  (w, _node, x, y) =>
    void w.emit(opType, x, y, {}, domain);

const reduce =
  (opType: string): Serializer<"sum" | "mean"> =>
  (w, { attributes: { axis, keep } }, x, y) =>
    void w.emit(opType, [...x, w.integers([axis])], y, { keepdims: keep ? 1 : 0 });

const serializers: Serializers = {
  add: plain("Add"),
  subtract: plain("Sub"),
  multiply: plain("Mul"),
  divide: plain("Div"),
  absolute: plain("Abs"),
  exp: plain("Exp"),
  log: plain("Log"),
  sqrt: plain("Sqrt"),
  tanh: plain("Tanh"),
  erf: plain("Erf"),
  sigmoid: plain("Sigmoid"),
  relu: plain("Relu"),
  // Relu(Sign(x)): 1 above zero, 0 at and below it
  step: (w, _node, x, y) => void w.emit("Relu", [w.emit("Sign", x, undefined)], y),
  silu: (w, _node, x, y) => void w.emit("QuickGelu", x, y, { alpha: { float: 1 } }, CONTRIB),
  gelu: (w, { attributes }, x, y) => void w.emit("Gelu", x, y, { approximate: attributes.approximation }),
  softmax: (w, _node, [x, sink], y) => {
    if (sink === undefined) {
      w.emit("Softmax", [x], y, { axis: -1 });
      return;
    }
    const [first, one, last] = [w.integers([0]), w.integers([1]), w.integers([-1])];
    const zeros = w.emit("Mul", [w.emit("Slice", [x, first, one, last], undefined), w.scalar(0)], undefined);
    const joined = w.emit("Concat", [x, w.emit("Add", [zeros, sink], undefined)], undefined, { axis: -1 });
    w.emit("Slice", [w.emit("Softmax", [joined], undefined, { axis: -1 }), first, last, last], y);
  },
  sum: reduce("ReduceSum"),
  mean: reduce("ReduceMean"),
  max: (w, { attributes }, x, y) => void w.emit("ReduceMax", [...x, w.integers([attributes.axis])], y, { keepdims: 1 }),
  largest: (w, { attributes: { count } }, [x], y) => {
    const [values, places] = w.emitTwo("TopK", [x, w.integers([count])], { axis: -1 });
    const ones = w.emit("Add", [w.emit("Sub", [values, values], undefined), w.scalar(1)], undefined);
    const zeros = w.emit("Sub", [x, x], undefined);
    w.emit("ScatterElements", [zeros, places, ones], y, { axis: -1 });
  },
  reshape: (w, { inputs, attributes }, x, y) =>
    void w.emit("Reshape", [...x, w.integers(reshapeTemplate(inputs[0].shape, attributes.shape))], y),
  transpose: (w, { attributes }, x, y) => void w.emit("Transpose", x, y, { perm: attributes.permutation }),
  slice: (w, { attributes: { axis, from, to } }, x, y) =>
    void w.emit("Slice", [...x, w.integers([from]), w.integers([to]), w.integers([axis])], y),
  concat: (w, { attributes }, x, y) => void w.emit("Concat", x, y, { axis: attributes.axis }),
  matmul: (w, { attributes: { transposeA, transposeB, scale } }, x, y) => {
    if (!transposeA && !transposeB && scale === 1) w.emit("MatMul", x, y);
    else
      w.emit(
        "FusedMatMul",
        x,
        y,
        { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0, alpha: { float: scale } },
        CONTRIB,
      );
  },
  linear: (w, _node, [x, weight, bias], y) => {
    const product = w.emit("FusedMatMul", [x, weight], bias === undefined ? y : undefined, { transB: 1 }, CONTRIB);
    if (bias !== undefined) w.emit("Add", [product, bias], y);
  },
  rmsNorm: (w, { attributes }, x, y) =>
    void w.emit("SimplifiedLayerNormalization", x, y, {
      axis: -1,
      epsilon: { float: attributes.epsilon },
      stash_type: 1,
    }),
  layerNorm: (w, { attributes }, x, y) =>
    void w.emit("LayerNormalization", x, y, { axis: -1, epsilon: { float: attributes.epsilon } }),
  rope: (w, { inputs, attributes: { rotated, interleaved, inverse } }, [x, positions, cosines, sines], y) => {
    const [, heads, , size] = inputs[0].shape;
    const turned = inverse ? w.emit("Neg", [sines], undefined) : sines;
    const partial: Record<string, Attribute> =
      rotated === size ? {} : { num_heads: Number(heads), rotary_embedding_dim: rotated };
    const attributes = { ...partial, ...(interleaved && { interleaved: 1 }) };
    w.emit("RotaryEmbedding", [x, positions, cosines, turned], y, attributes, CONTRIB);
  },
  shift: (w, { inputs, attributes: { axis, by } }, [x], y) => {
    const rank = inputs[0].shape.length;
    const places = Array.from({ length: 2 * rank }, () => 0);
    places[by > 0 ? axis : rank + axis] = Math.abs(by);
    const padded = w.emit("Pad", [x, w.integers(places)], undefined);
    const [from, to] = by > 0 ? [0, -by] : [-by, END];
    w.emit("Slice", [padded, w.integers([from]), w.integers([to]), w.integers([axis])], y);
  },
  chunk: (w, { inputs, attributes: { size } }, [x], y) => {
    // so many behind that chunks are whole: −tokens mod size
    const tokens = w.emit("Shape", [x], undefined, { start: 1, end: 2 });
    const missing = w.emit("Mod", [w.emit("Neg", [tokens], undefined), w.integers([size])], undefined);
    const places = w.emit("Concat", [w.integers([0, 0, 0, 0]), missing, w.integers([0])], undefined, { axis: 0 });
    const padded = w.emit("Pad", [x, places], undefined);
    w.emit("Reshape", [padded, w.integers([0, -1, size, Number(inputs[0].shape[2])])], y);
  },
  unchunk: (w, { inputs }, [chunks, like], y) => {
    const width = Number(inputs[0].shape[3]);
    const joined = w.emit("Reshape", [chunks, w.integers([0, -1, width])], undefined);
    const tokens = w.emit("Shape", [like], undefined, { start: 1, end: 2 });
    w.emit("Slice", [joined, w.integers([0]), tokens, w.integers([1])], y);
  },
  recurrence: (w, { inputs: [factors, terms], attributes: { reverse } }, [f, t], y) => {
    const sizes = w.emit("Shape", [t], undefined);
    const first = w.emit("ConstantOfShape", [w.emit("Gather", [sizes, w.integers([0, 2, 3])], undefined)], undefined);
    const direction = reverse ? 1 : 0;
    const step = (shape: Shape): Shape => shape.toSpliced(1, 1);
    const states = step(terms.shape);
    w.scan([first, f, t], [w.name(), y], recurrenceBody(step(factors.shape), states), {
      num_scan_inputs: 2,
      scan_input_axes: [1, 1],
      scan_input_directions: [direction, direction],
      scan_output_axes: [1],
      scan_output_directions: [direction],
    });
  },
};

/** One step of a recurrence: from a state, a factor and a term to the state behind it, and the state as it was. */
function recurrenceBody(factor: Shape, state: Shape): onnx.IGraphProto {
  const info = (name: string, shape: Shape): onnx.IValueInfoProto => valueInfo(name, shape, FLOAT);
  return {
    name: "step",
    node: [
      { opType: "MatMul", input: ["factor", "before"], output: ["carried"] },
      { opType: "Add", input: ["carried", "term"], output: ["after"] },
      { opType: "Identity", input: ["before"], output: ["state"] },
    ],
    input: [info("before", state), info("factor", factor), info("term", state)],
    output: [info("after", state), info("state", state)],
  };
}

function serializeNode<Op extends keyof Serializers>(
  [w, own]: readonly [Writer, Partial<Serializers>],
  node: Node<Op>,
  names: ReadonlyMap<number, string>,
  y: string,
): void {
  const write: Serializer<Op> = own[node.op] ?? serializers[node.op];
  write(
    w,
    node,
    mapInputs(node, ({ id }) => nameOf(id, names)),
    y,
  );
}

function nameOf(id: number, names: ReadonlyMap<number, string>): string {
  const name = names.get(id);
  if (name === undefined) throw new Error(`node ${id} has no name`);
  return name;
}

function valueInfo(name: string, shape: Node["shape"], elemType: number): onnx.IValueInfoProto {
  const dim = shape.map((size) => (typeof size === "number" ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType, shape: { dim } } } };
}

/**
 * The graph as an ONNX model: standard operations (opset 20) and those that ONNX Runtime adds for speed.
 * @param own how a device has it that has no sequences, and other operations; undefined: the processor.
 */
export function serialize(graph: Graph, own?: Partial<Serializers>): Uint8Array {
  const w = new Writer();
  const names = new Map<number, string>();
  const outputs = new Map<number, string>();
  for (const [name, node] of graph.outputs) if (!outputs.has(node.id)) outputs.set(node.id, name);

  for (const node of topological(graph.outputs.values())) {
    if (isOp(node, "input")) names.set(node.id, node.attributes.name);
    else if (isOp(node, "constant")) names.set(node.id, w.scalar(node.attributes.value));
    else if (isOp(node, "table")) names.set(node.id, w.table(node.id, node.shape.map(Number), node.attributes.values));
    else {
      const name = outputs.get(node.id) ?? `n${node.id}`;
      serializeNode([w, own ?? {}], node as Node<keyof Serializers>, names, name);
      names.set(node.id, name);
    }
  }
  for (const [name, node] of graph.outputs) {
    const written = nameOf(node.id, names);
    if (written !== name) w.emit("Identity", [written], name);
  }

  const sequences = own === undefined ? [emptySequence(w)] : [];

  const model = onnx.ModelProto.create({
    irVersion: 9,
    opsetImport: [
      { domain: "", version: OPSET },
      { domain: CONTRIB, version: 1 },
    ],
    graph: {
      name: "paramscope",
      node: w.nodes,
      initializer: [...w.initializers.values()],
      input: graph.inputs.map(({ attributes, shape }) =>
        valueInfo(attributes.name, shape, attributes.type === "int64" ? INT64 : FLOAT),
      ),
      output: [...sequences, ...[...graph.outputs].map(([name, { shape }]) => valueInfo(name, shape, FLOAT))],
    },
  });
  return onnx.ModelProto.encode(model).finish();
}

function emptySequence(w: Writer): onnx.IValueInfoProto {
  w.emit("SequenceEmpty", [], WRITTEN);
  return { name: WRITTEN, type: { sequenceType: { elemType: { tensorType: { elemType: FLOAT } } } } };
}

function isOp<Op extends Operation>(node: Node, op: Op): node is Node<Op> {
  return node.op === op;
}
