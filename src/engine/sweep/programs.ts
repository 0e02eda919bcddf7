import type { Graph } from "../graph/graph";
import type { CompileOptions, Program, Runtime } from "../runtime/runtime";
import type { Profiler } from "./profiler";

/** Graphs compiled when they are first asked for, and kept. */
export class Programs {
  readonly #runtime: Runtime;
  readonly #profiler: Profiler;
  readonly #programs = new Map<string, Program>();

  constructor(runtime: Runtime, profiler: Profiler) {
    this.#runtime = runtime;
    this.#profiler = profiler;
  }

  async get(name: string, graph: () => Graph, options?: CompileOptions): Promise<Program> {
    let program = this.#programs.get(name);
    if (program === undefined) {
      program = await this.#profiler.time("compiling", () => this.#runtime.compile(graph(), options));
      this.#programs.set(name, program);
    }
    return program;
  }

  async dispose(): Promise<void> {
    for (const program of this.#programs.values()) await program.dispose();
    this.#programs.clear();
  }
}
