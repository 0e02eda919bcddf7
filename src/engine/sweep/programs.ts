import type { Graph } from "../graph/graph";
import type { CompileOptions, Program, Runtime } from "../runtime/runtime";
import type { Profiler } from "./profiler";

/** Graphs compiled when they are first asked for, and kept. */
export class Programs {
  readonly #programs = new Map<string, Program>();

  constructor(
    private readonly runtime: Runtime,
    private readonly profiler: Profiler,
  ) {}

  async get(name: string, graph: () => Graph, options?: CompileOptions): Promise<Program> {
    let program = this.#programs.get(name);
    if (program === undefined) {
      program = await this.profiler.time("compiling", () => this.runtime.compile(graph(), options));
      this.#programs.set(name, program);
    }
    return program;
  }

  async dispose(): Promise<void> {
    for (const program of this.#programs.values()) await program.dispose();
    this.#programs.clear();
  }
}
