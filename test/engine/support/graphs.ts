import type { Graph, GraphBuilder, Node, Shape } from "../../../src/engine/graph/graph";
import { openRuntime } from "../../../src/engine/runtime/open-runtime";
import { tensor, type Program, type RuntimeWish, type Tensor } from "../../../src/engine/runtime/runtime";

/** What the symbols of a graph's shapes stand for. */
export type Sizes = Readonly<Record<string, number>>;

export function sized(shape: Shape, sizes: Sizes = {}): number[] {
  return shape.map((dim) => (typeof dim === "number" ? dim : sizes[dim]));
}

export const lengthOf = (shape: readonly number[]): number => shape.reduce((length, dim) => length * dim, 1);

/** A graph compiled for tests: outputs come as arrays of their own. */
export class TestProgram {
  private constructor(
    private readonly program: Program,
    private readonly graph: Graph,
    private readonly sizes: Sizes,
  ) {}

  static async of(
    b: GraphBuilder,
    outputs: Readonly<Record<string, Node>>,
    sizes: Sizes = {},
    wish: RuntimeWish = {},
  ): Promise<TestProgram> {
    const graph = b.graph(new Map(Object.entries(outputs)));
    const runtime = await openRuntime({ threads: 1, ...wish });
    return new TestProgram(await runtime.compile(graph), graph, sizes);
  }

  /** @param values of all inputs; those that the graph does not have are left out. */
  async run(values: Readonly<Record<string, Float32Array | BigInt64Array>>): Promise<Record<string, Float32Array>> {
    const inputs: Record<string, Tensor> = {};
    for (const { attributes, shape } of this.graph.inputs)
      inputs[attributes.name] = tensor(values[attributes.name], ...sized(shape, this.sizes));
    const outputs: Record<string, Tensor> = {};
    const arrays: Record<string, Float32Array> = {};
    for (const [name, { shape }] of this.graph.outputs) {
      const dims = sized(shape, this.sizes);
      arrays[name] = new Float32Array(lengthOf(dims));
      outputs[name] = tensor(arrays[name], ...dims);
    }
    await this.program.run(inputs, outputs);
    return arrays;
  }

  dispose(): Promise<void> {
    return this.program.dispose();
  }
}
