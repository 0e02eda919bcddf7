import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { OperationPlacement } from "../runtime";

/** An operation of a graph as the library made it ready, and the execution provider that it gave it to. */
export interface PlacedNode {
  readonly operation: string;
  readonly provider: string;
}

/** What the library calls its provider of the processor. */
const PROCESSOR = "CPUExecutionProvider";

/** Operations that an execution provider has left to the processor, of all the graphs that were made ready for it. */
export class Placement implements OperationPlacement {
  #all = 0;
  #onProcessor = 0;
  readonly #operations = new Set<string>();

  add(nodes: readonly PlacedNode[]): void {
    this.#all += nodes.length;
    for (const { operation, provider } of nodes) {
      if (provider !== PROCESSOR) continue;
      this.#onProcessor++;
      this.#operations.add(operation);
    }
  }

  /** How many operations there are. */
  get all(): number {
    return this.#all;
  }

  /** How many of them the processor computes. */
  get onProcessor(): number {
    return this.#onProcessor;
  }

  /** The kinds of those, by their names in ONNX. */
  get operations(): string[] {
    return [...this.#operations].sort();
  }
}

/**
 * What `use` does with the path of a file that the library writes a graph to, as it is when its operations have been given out; and
 * where they went. Of all that the library says of itself to JavaScript this alone tells it: its own format names the provider of each
 * operation, and takes some milliseconds.
 */
export async function withPlacement<Result>(
  use: (path: string) => Promise<Result>,
): Promise<{ result: Result; nodes: PlacedNode[] }> {
  const folder = await mkdtemp(join(tmpdir(), "paramscope-placement-"));
  try {
    const path = join(folder, "graph.ort");
    const result = await use(path);
    return { result, nodes: nodesOf(await readFile(path)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Where a field stands in its table of ONNX Runtime's schema (`onnxruntime/core/flatbuffers/schema/ort.fbs`). */
const fields = {
  session: { model: 1 },
  model: { graph: 7 },
  graph: { nodes: 2 },
  node: { operation: 5, provider: 7, attributes: 10 },
  attribute: { graph: 7 },
} as const;

/** The operations of a graph in ONNX Runtime's own format, a FlatBuffer, and of the graphs within it. */
export function nodesOf(bytes: Uint8Array): PlacedNode[] {
  const reader = new FlatBuffer(bytes);
  const nodes: PlacedNode[] = [];
  const visit = (graph: number): void => {
    for (const node of reader.tables(graph, fields.graph.nodes)) {
      nodes.push({
        operation: reader.text(node, fields.node.operation),
        provider: reader.text(node, fields.node.provider),
      });
      for (const attribute of reader.tables(node, fields.node.attributes)) {
        const inner = reader.reference(attribute, fields.attribute.graph);
        if (inner !== undefined) visit(inner);
      }
    }
  };
  const model = reader.reference(reader.root, fields.session.model);
  const graph = model === undefined ? undefined : reader.reference(model, fields.model.graph);
  if (graph === undefined) throw new Error("there is no graph in what ONNX Runtime wrote");
  visit(graph);
  return nodes;
}

/** As much of the format as tables, lists of them and texts need: https://flatbuffers.dev/internals. Places are counted in bytes. */
class FlatBuffer {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get root(): number {
    return this.#follow(0);
  }

  /** What a field of a table refers to; undefined where it is not there. */
  reference(table: number, field: number): number | undefined {
    const offsets = table - this.#view.getInt32(table, true);
    const place = 4 + 2 * field;
    if (place >= this.#view.getUint16(offsets, true)) return undefined;
    const offset = this.#view.getUint16(offsets + place, true);
    return offset === 0 ? undefined : this.#follow(table + offset);
  }

  tables(table: number, field: number): number[] {
    const list = this.reference(table, field);
    if (list === undefined) return [];
    const length = this.#view.getUint32(list, true);
    return Array.from({ length }, (_, i) => this.#follow(list + 4 + 4 * i));
  }

  text(table: number, field: number): string {
    const text = this.reference(table, field);
    if (text === undefined) return "";
    const from = text + 4;
    return new TextDecoder().decode(this.#bytes.subarray(from, from + this.#view.getUint32(text, true)));
  }

  #follow(place: number): number {
    return place + this.#view.getUint32(place, true);
  }
}
