import { GraphBuilder, type Graph } from "../graph/graph";
import { tensor, type Runtime, type Tensor } from "./runtime";

/** How far a runtime may be off and still be used; what is float32 throughout is off by 1e-6. */
export const TOLERANCE = 1e-2;

const [ROWS, SIZE] = [4, 8];

/** What every block is made of, in small: norm, linear layer, attention's products and softmax, activation, gradients' product. */
function checkGraph(): Graph {
  const b = new GraphBuilder();
  const x = b.input("x", [1, "rows", SIZE]);
  const weight = b.input("weight", [SIZE, SIZE]);
  const normalized = b.rmsNorm(x, b.input("norm", [SIZE]), 1e-5);
  const mapped = b.linear(normalized, weight, undefined, "check");
  const attention = b.unary("softmax", b.matmul(mapped, normalized, { transposeB: true, scale: 0.5 }));
  const mixed = b.add(x, b.unary("silu", b.matmul(attention, mapped)));
  const gradients = b.unary("absolute", b.matmul(b.transpose(mixed, [0, 2, 1]), normalized));
  return b.graph(new Map([["y", b.sum(gradients, 2, false)]]));
}

/** Numbers that are easy to make anywhere: between -1 and 1, none 0, no two rows alike. */
function numbers(length: number, step: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => (((i + 1) * step) % 17) / 8.5 - 0.97);
}

/** `y` of those numbers, by PyTorch in float64. */
const EXPECTED = [3.2850631, 5.9261578, 5.4060077, 3.5398953, 3.4558146, 5.1679223, 5.0686564, 3.2033742];

/**
 * Computes a small graph and compares it with its known result: the largest difference, relative to the largest value.
 * @throws what the runtime throws
 */
export async function selfCheck(runtime: Runtime): Promise<number> {
  const program = await runtime.compile(checkGraph());
  const y = new Float32Array(SIZE);
  try {
    const inputs: Record<string, Tensor> = {
      x: tensor(numbers(ROWS * SIZE, 5), 1, ROWS, SIZE),
      weight: tensor(numbers(SIZE * SIZE, 3), SIZE, SIZE),
      norm: tensor(numbers(SIZE, 7), SIZE),
    };
    await program.run(inputs, { y: tensor(y, 1, SIZE) });
  } finally {
    await program.dispose();
  }
  const largest = Math.max(...EXPECTED.map(Math.abs));
  const differences = EXPECTED.map((value, i) => Math.abs(value - (y[i] ?? NaN)) / largest);
  return differences.some(Number.isNaN) ? Infinity : Math.max(...differences);
}
