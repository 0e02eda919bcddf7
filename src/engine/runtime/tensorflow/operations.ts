import type { Tensor } from "@tensorflow/tfjs-core";

import type { Node, Operation, OperationInputs } from "../../graph/graph";
import { axisSize, reshapeTemplate } from "../../graph/graph";
import type { TensorFlow } from "./tensorflow";

/** Computes one operation from the values of its inputs. */
type Evaluation<Op extends Operation> = (tf: TensorFlow, inputs: OperationInputs<Tensor>[Op], node: Node<Op>) => Tensor;

/** √(2/π) and the cubic coefficient of the tanh approximation of GELU. */
const GELU_SCALE = Math.sqrt(2 / Math.PI);
const GELU_CUBIC = 0.044715;

const evaluations: { [Op in Exclude<Operation, "input">]: Evaluation<Op> } = {
  constant: (tf, _, { attributes }) => tf.scalar(attributes.value),
  table: (tf, _, { attributes, shape }) => tf.tensor(attributes.values, shape.map(Number)),
  add: (tf, [a, b]) => tf.add(a, b),
  subtract: (tf, [a, b]) => tf.sub(a, b),
  multiply: (tf, [a, b]) => tf.mul(a, b),
  divide: (tf, [a, b]) => tf.div(a, b),
  absolute: (tf, [x]) => tf.abs(x),
  exp: (tf, [x]) => tf.exp(x),
  log: (tf, [x]) => tf.log(x),
  sqrt: (tf, [x]) => tf.sqrt(x),
  tanh: (tf, [x]) => tf.tanh(x),
  erf: (tf, [x]) => tf.erf(x),
  sigmoid: (tf, [x]) => tf.sigmoid(x),
  relu: (tf, [x]) => tf.relu(x),
  step: (tf, [x]) => tf.step(x, 0),
  silu: (tf, [x]) => tf.mul(x, tf.sigmoid(x)),
  gelu: (tf, [x], { attributes }) => {
    const inner =
      attributes.approximation === "tanh"
        ? tf.tanh(tf.mul(x, tf.add(tf.mul(tf.mul(x, x), GELU_SCALE * GELU_CUBIC), GELU_SCALE)))
        : tf.erf(tf.mul(x, Math.SQRT1_2));
    return tf.mul(tf.mul(x, 0.5), tf.add(inner, 1));
  },
  softmax: (tf, [x]) => tf.softmax(x),
  sum: (tf, [x], { attributes: { axis, keep } }) => tf.sum(x, axis, keep),
  mean: (tf, [x], { attributes: { axis, keep } }) => tf.mean(x, axis, keep),
  max: (tf, [x], { attributes }) => tf.max(x, attributes.axis, true),
  reshape: (tf, [x], { inputs, attributes }) => {
    const template = reshapeTemplate(inputs[0].shape, attributes.shape);
    return tf.reshape(
      x,
      template.map((size, axis) => (size === 0 ? axisSize(x.shape, axis) : size)),
    );
  },
  transpose: (tf, [x], { attributes }) => tf.transpose(x, [...attributes.permutation]),
  slice: (tf, [x], { attributes: { axis, from, to } }) => range(tf, x, axis, from, to),
  concat: (tf, parts, { attributes }) => tf.concat([...parts], attributes.axis),
  matmul: (tf, [a, b], { attributes: { transposeA, transposeB, scale } }) => {
    const scaled = scale === 1 ? a : tf.mul(a, scale);
    return b.rank === 2 && !transposeA
      ? rowsTimesMatrix(tf, scaled, b, transposeB)
      : tf.matMul(scaled, b, transposeA, transposeB);
  },
  linear: (tf, inputs) => {
    const [x, weight] = inputs;
    const product = rowsTimesMatrix(tf, x, weight, true);
    return inputs.length === 3 ? tf.add(product, inputs[2]) : product;
  },
  rmsNorm: (tf, [x, weight], { attributes }) =>
    tf.mul(tf.mul(x, tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), attributes.epsilon))), weight),
  layerNorm: (tf, [x, weight, bias], { attributes }) => {
    const centred = tf.sub(x, tf.mean(x, -1, true));
    const variance = tf.mean(tf.square(centred), -1, true);
    return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, attributes.epsilon))), weight), bias);
  },
  rope: (tf, [x, positions, cosines, sines], { attributes: { rotated, interleaved, inverse } }) => {
    const [batch, tokens] = [axisSize(positions.shape, 0), axisSize(positions.shape, 1)];
    const size = axisSize(x.shape, 3);
    const half = rotated / 2;
    const at = (table: Tensor): Tensor =>
      tf.reshape(tf.gather(table, tf.reshape(positions, [batch * tokens])), [batch, 1, tokens, half]);
    const cosine = at(cosines);
    const sine = inverse ? tf.neg(at(sines)) : at(sines);
    const [first, second] = pairsOf(tf, range(tf, x, 3, 0, rotated), interleaved);
    const turned = joinedPairs(
      tf,
      tf.sub(tf.mul(first, cosine), tf.mul(second, sine)),
      tf.add(tf.mul(second, cosine), tf.mul(first, sine)),
      interleaved,
    );
    return rotated < size ? tf.concat([turned, range(tf, x, 3, rotated, size)], 3) : turned;
  },
  shift: (tf, [x], { attributes: { axis, by } }) => {
    const size = axisSize(x.shape, axis);
    const places = x.shape.map((_, i): [number, number] => (i !== axis ? [0, 0] : by > 0 ? [by, 0] : [0, -by]));
    const from = Math.max(0, -by);
    return range(tf, tf.pad(x, places), axis, from, from + size);
  },
  chunk: (tf, [x], { attributes: { size } }) => {
    const [rows, tokens, width] = x.shape as [number, number, number];
    const chunks = Math.ceil(tokens / size);
    const places: [number, number][] = [
      [0, 0],
      [0, chunks * size - tokens],
      [0, 0],
    ];
    return tf.reshape(tf.pad(x, places), [rows, chunks, size, width]);
  },
  unchunk: (tf, [x, like]) => {
    const [rows, chunks, size, width] = x.shape as [number, number, number, number];
    return range(tf, tf.reshape(x, [rows, chunks * size, width]), 1, 0, axisSize(like.shape, 1));
  },
  recurrence: (tf, [factors, terms], { attributes: { reverse } }) => {
    const [rows, steps, height, width] = terms.shape as [number, number, number, number];
    const at = (x: Tensor, step: number): Tensor => tf.squeeze(range(tf, x, 1, step, step + 1), [1]);
    const states: Tensor[] = [];
    let state: Tensor = tf.zeros([rows, height, width]);
    for (let i = 0; i < steps; i++) {
      const step = reverse ? steps - 1 - i : i;
      states[step] = tf.reshape(state, [rows, 1, height, width]);
      if (i + 1 < steps) state = tf.add(tf.matMul(at(factors, step), state), at(terms, step));
    }
    return tf.concat(states, 1);
  },
};

/** The first and the second values of a head's pairs, `[batch, heads, tokens, pairs]` each. */
function pairsOf(tf: TensorFlow, x: Tensor, interleaved: boolean): [Tensor, Tensor] {
  const half = axisSize(x.shape, 3) / 2;
  if (!interleaved) return [range(tf, x, 3, 0, half), range(tf, x, 3, half, 2 * half)];
  // a pair's values lie one behind the other: as columns of all pairs, since few operations take five axes
  const columns = tf.reshape(x, [-1, 2]);
  const at = (column: number): Tensor =>
    tf.reshape(range(tf, columns, 1, column, column + 1), [...x.shape.slice(0, 3), half]);
  return [at(0), at(1)];
}

/** What `pairsOf` took apart. */
function joinedPairs(tf: TensorFlow, first: Tensor, second: Tensor, interleaved: boolean): Tensor {
  if (!interleaved) return tf.concat([first, second], 3);
  const columns = tf.concat([tf.reshape(first, [-1, 1]), tf.reshape(second, [-1, 1])], 1);
  return tf.reshape(columns, [...first.shape.slice(0, 3), 2 * axisSize(first.shape, 3)]);
}

/** `[…, inner]` by a matrix, as one product of all rows. */
function rowsTimesMatrix(tf: TensorFlow, x: Tensor, matrix: Tensor, transposed: boolean): Tensor {
  const inner = x.shape.at(-1) ?? 1;
  const [rows, width] = matrix.shape as [number, number];
  const columns = transposed ? rows : width;
  const product = tf.matMul(tf.reshape(x, [-1, inner]), matrix, false, transposed);
  return x.rank === 2 ? product : tf.reshape(product, [...x.shape.slice(0, -1), columns]);
}

function range(tf: TensorFlow, x: Tensor, axis: number, from: number, to: number): Tensor {
  const begin = x.shape.map((_, i) => (i === axis ? from : 0));
  const size = x.shape.map((dim, i) => (i === axis ? to - from : dim));
  return tf.slice(x, begin, size);
}

/** The value of a node from those of its inputs; what arises in between is disposed of. */
export function evaluateNode(tf: TensorFlow, node: Node, inputs: readonly Tensor[]): Tensor {
  return tf.tidy(node.op, () => evaluationOf(node.op as Exclude<Operation, "input">)(tf, inputs, node));
}

function evaluationOf(op: Exclude<Operation, "input">): Evaluation<Operation> {
  return evaluations[op] as Evaluation<Operation>;
}
