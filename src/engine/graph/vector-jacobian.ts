import type { GraphBuilder, Node, Operation, Shape } from "./graph";

/**
 * For one operation y = f(inputs) and the gradient `dy` of a scalar with respect to y: the gradients with respect to the
 * inputs, in their order; `undefined` where an input has none or it is not wanted. `wanted[i]` says whether anyone
 * asks for input i, so that work nobody needs is not written into the graph.
 */
type Rule<Op extends Operation> = (
  b: GraphBuilder,
  node: Node<Op>,
  dy: Node,
  wanted: readonly boolean[],
) => (Node | undefined)[];

/** Sums a gradient over the axes along which its tensor had been broadcast. */
function unbroadcast(b: GraphBuilder, gradient: Node, shape: Shape): Node {
  let g = gradient;
  while (g.shape.length > shape.length) g = b.sum(g, 0, false);
  shape.forEach((dim, axis) => {
    if (dim === 1 && g.shape[axis] !== 1) g = b.sum(g, axis);
  });
  return g;
}

const last = (node: Node): number => node.shape.length - 1;

/** √(2/π) and the cubic coefficient of the tanh approximation of GELU. */
const GELU_SCALE = Math.sqrt(2 / Math.PI);
const GELU_CUBIC = 0.044715;

/** One vector-Jacobian product per operation. What has no rule here has no gradient, and asking for it throws by name. */
export const vectorJacobianRules: { [Op in Operation]?: Rule<Op> } = {
  add: (b, { inputs: [x, y] }, dy, wanted) => [
    wanted[0] ? unbroadcast(b, dy, x.shape) : undefined,
    wanted[1] ? unbroadcast(b, dy, y.shape) : undefined,
  ],
  subtract: (b, { inputs: [x, y] }, dy, wanted) => [
    wanted[0] ? unbroadcast(b, dy, x.shape) : undefined,
    wanted[1] ? unbroadcast(b, b.multiply(dy, -1), y.shape) : undefined,
  ],
  multiply: (b, { inputs: [x, y] }, dy, wanted) => [
    wanted[0] ? unbroadcast(b, b.multiply(dy, y), x.shape) : undefined,
    wanted[1] ? unbroadcast(b, b.multiply(dy, x), y.shape) : undefined,
  ],
  divide: (b, node, dy, wanted) => {
    const [x, y] = node.inputs;
    const scaled = b.divide(dy, y);
    return [
      wanted[0] ? unbroadcast(b, scaled, x.shape) : undefined,
      wanted[1] ? unbroadcast(b, b.multiply(b.multiply(scaled, node), -1), y.shape) : undefined,
    ];
  },
  /** 0 is taken for what lies below it, as by `step`. */
  absolute: (b, { inputs: [x] }, dy) => [b.multiply(dy, b.subtract(b.multiply(b.unary("step", x), 2), 1))],
  exp: (b, node, dy) => [b.multiply(dy, node)],
  log: (b, { inputs: [x] }, dy) => [b.divide(dy, x)],
  sqrt: (b, node, dy) => [b.divide(b.multiply(dy, 0.5), node)],
  tanh: (b, node, dy) => [b.subtract(dy, b.multiply(dy, b.multiply(node, node)))],
  erf: (b, { inputs: [x] }, dy) => [
    b.multiply(dy, b.multiply(b.unary("exp", b.multiply(b.multiply(x, x), -1)), 2 / Math.sqrt(Math.PI))),
  ],
  sigmoid: (b, node, dy) => [b.multiply(dy, b.subtract(node, b.multiply(node, node)))],
  relu: (b, { inputs: [x] }, dy) => [b.multiply(dy, b.unary("step", x))],
  /** The slope is 0 wherever there is one. */
  step: () => [undefined],
  silu: (b, node, dy) => {
    // d(xσ) = σ + xσ(1 − σ), with the product xσ taken from the forward pass
    const sigmoid = b.unary("sigmoid", node.inputs[0]);
    return [b.multiply(dy, b.add(sigmoid, b.subtract(node, b.multiply(node, sigmoid))))];
  },
  gelu: (b, { inputs: [x], attributes }, dy) => {
    if (attributes.approximation === "tanh") {
      // ½(1 + t) + ½ x (1 − t²) u', t = tanh(u), u = √(2/π) (x + c x³)
      const square = b.multiply(x, x);
      const u = b.multiply(x, b.add(b.multiply(square, GELU_SCALE * GELU_CUBIC), GELU_SCALE));
      const t = b.unary("tanh", u);
      const slope = b.add(b.multiply(square, 3 * GELU_SCALE * GELU_CUBIC), GELU_SCALE);
      const inner = b.multiply(b.multiply(x, slope), b.subtract(b.constant(1), b.multiply(t, t)));
      return [b.multiply(dy, b.multiply(b.add(b.add(t, 1), inner), 0.5))];
    }
    // Φ(x) + x φ(x)
    const phi = b.multiply(b.unary("exp", b.multiply(b.multiply(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
    const cumulative = b.multiply(b.add(b.unary("erf", b.multiply(x, Math.SQRT1_2)), 1), 0.5);
    return [b.multiply(dy, b.add(cumulative, b.multiply(x, phi)))];
  },
  softmax: (b, node, dy) => {
    const weighted = b.multiply(dy, node);
    return [b.subtract(weighted, b.multiply(node, b.sum(weighted, last(node))))];
  },
  sum: (b, { inputs: [x], attributes }, dy) => [spread(b, dy, x, attributes, 1)],
  mean: (b, { inputs: [x], attributes }, dy) => {
    const size = x.shape[attributes.axis];
    if (typeof size !== "number") throw new Error(`mean over '${size}' has no gradient: its size is not known`);
    return [spread(b, dy, x, attributes, 1 / size)];
  },
  reshape: (b, { inputs: [x] }, dy) => [b.reshape(dy, x.shape)],
  transpose: (b, { attributes }, dy) => {
    const inverse = attributes.permutation.map((_, axis) => attributes.permutation.indexOf(axis));
    return [b.transpose(dy, inverse)];
  },
  slice: (b, { inputs: [x], attributes: { axis, from, to } }, dy) => {
    const size = x.shape[axis];
    if (typeof size !== "number") throw new Error(`slice of '${size}' has no gradient: its size is not known`);
    const zeros = (rows: number): Node => b.multiply(b.slice(x, axis, 0, rows), 0);
    const parts = [dy];
    if (from > 0) parts.unshift(zeros(from));
    if (to < size) parts.push(zeros(size - to));
    return [parts.length === 1 ? dy : b.concat(parts, axis)];
  },
  concat: (b, { inputs, attributes: { axis } }, dy, wanted) => {
    let from = 0;
    return inputs.map((part, i) => {
      const to = from + Number(part.shape[axis]);
      const gradient = wanted[i] ? b.slice(dy, axis, from, to) : undefined;
      from = to;
      return gradient;
    });
  },
  matmul: (b, { inputs: [x, y], attributes: { transposeA, transposeB, scale } }, dy, wanted) => [
    wanted[0]
      ? unbroadcast(
          b,
          transposeA
            ? b.matmul(y, dy, { transposeA: transposeB, transposeB: true, scale })
            : b.matmul(dy, y, { transposeB: !transposeB, scale }),
          x.shape,
        )
      : undefined,
    wanted[1]
      ? unbroadcast(
          b,
          transposeB
            ? b.matmul(dy, x, { transposeA: true, transposeB: transposeA, scale })
            : b.matmul(x, dy, { transposeA: !transposeA, scale }),
          y.shape,
        )
      : undefined,
  ],
  /** The gradient with respect to x only: ∂y/∂W is formed by tiles, from the site's x and dy. */
  linear: (b, { inputs: [, weight] }, dy, wanted) => [wanted[0] ? b.matmul(dy, weight) : undefined],
  rmsNorm: (b, { inputs: [x, weight], attributes: { epsilon } }, dy) => {
    // x̂ = x r, r = 1/√(mean(x²) + ε); dx = r (g − x̂ mean(g x̂)), g = dy·weight
    const root = b.unary("sqrt", b.add(b.mean(b.multiply(x, x), last(x)), epsilon));
    const normalized = b.divide(x, root);
    const g = b.multiply(dy, weight);
    const along = b.mean(b.multiply(g, normalized), last(x));
    return [b.divide(b.subtract(g, b.multiply(normalized, along)), root)];
  },
  layerNorm: (b, { inputs: [x, weight], attributes: { epsilon } }, dy) => {
    // x̂ = (x − μ)/σ; dx = (g − mean(g) − x̂ mean(g x̂))/σ
    const centred = b.subtract(x, b.mean(x, last(x)));
    const deviation = b.unary("sqrt", b.add(b.mean(b.multiply(centred, centred), last(x)), epsilon));
    const normalized = b.divide(centred, deviation);
    const g = b.multiply(dy, weight);
    const along = b.mean(b.multiply(g, normalized), last(x));
    return [b.divide(b.subtract(b.subtract(g, b.mean(g, last(x))), b.multiply(normalized, along)), deviation)];
  },
  /** A rotation is undone by turning back; a scaled table scales both ways alike. */
  rope: (b, { inputs: [, positions, cosines, sines], attributes }, dy) => [
    b.rope(dy, [positions, cosines, sines], { ...attributes, inverse: !attributes.inverse }),
  ],
  shift: (b, { attributes: { axis, by } }, dy) => [b.shift(dy, axis, -by)],
  chunk: (b, { inputs: [x] }, dy) => [b.unchunk(dy, x)],
  unchunk: (b, { inputs: [chunks] }, dy) => [b.chunk(dy, Number(chunks.shape[2])), undefined],
  recurrence: (b, node, dy, wanted) => {
    // The gradient of the state behind a step is that of the step's term. It is carried back over a step by its factor, transposed, and
    // joined there by what the state before it is asked for: the same recurrence, the other way round.
    const [factors] = node.inputs;
    const ofTerms = b.recurrence(b.transpose(factors, [0, 1, 3, 2]), dy, !node.attributes.reverse);
    return [wanted[0] ? b.matmul(ofTerms, node, { transposeB: true }) : undefined, ofTerms];
  },
};

/** A gradient of a sum or mean, given back to every element along the axis. */
function spread(
  b: GraphBuilder,
  dy: Node,
  x: Node,
  { axis, keep }: { axis: number; keep: boolean },
  factor: number,
): Node {
  const kept = keep ? dy : b.reshape(dy, x.shape.toSpliced(axis, 1, 1));
  const scaled = factor === 1 ? kept : b.multiply(kept, factor);
  return b.add(b.multiply(x, 0), scaled);
}
