import type { Graph } from "../graph/graph";
import type { CompileOptions, HeldTensors, OperationPlacement, Program, Runtime, Tensors } from "./runtime";

/**
 * A runtime whose device may be lost, or run out of memory, in the middle of a run: from then on the processor computes, and it is said.
 * All values are in the process's memory before and after each graph, so that none is lost with the device.
 */
export class FallingBackRuntime implements Runtime {
  readonly #device: Runtime;
  readonly #openProcessor: () => Runtime;
  #processor: Runtime | undefined;
  #failure: string | undefined;

  constructor(device: Runtime, openProcessor: () => Runtime) {
    this.#device = device;
    this.#openProcessor = openProcessor;
  }

  get name(): Runtime["name"] {
    return this.#device.name;
  }

  get device(): string {
    return this.#device.device;
  }

  get version(): string {
    return this.#device.version;
  }

  get threads(): number {
    return this.#device.threads;
  }

  get notes(): readonly string[] {
    return this.#failure === undefined ? this.#device.notes : [...this.#device.notes, this.#failure];
  }

  get placement(): OperationPlacement | undefined {
    return this.#device.placement;
  }

  async compile(graph: Graph, options?: CompileOptions): Promise<Program> {
    const program = new FallingBackProgram(
      (task) => this.#attempt(task),
      () => this.#device.compile(graph, options),
      () => (this.#processor ??= this.#openProcessor()).compile(graph, options),
    );
    await program.prepare();
    return program;
  }

  hold(tensors: Tensors): HeldTensors {
    return this.#device.hold(tensors);
  }

  /** What the device does, until it has failed once; undefined: the processor's turn. */
  async #attempt<Result>(task: () => Promise<Result>): Promise<{ result: Result } | undefined> {
    if (this.#failure !== undefined) return undefined;
    try {
      return { result: await task() };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#failure = `${message.replace(/\.$/, "")}: the rest of the run was on the processor.`;
      return undefined;
    }
  }
}

type Attempt = <Result>(task: () => Promise<Result>) => Promise<{ result: Result } | undefined>;

class FallingBackProgram implements Program {
  readonly #attempt: Attempt;
  readonly #compileOnDevice: () => Promise<Program>;
  readonly #compileOnProcessor: () => Promise<Program>;
  #onDevice: Program | undefined;
  #onProcessor: Program | undefined;

  constructor(attempt: Attempt, compileOnDevice: () => Promise<Program>, compileOnProcessor: () => Promise<Program>) {
    this.#attempt = attempt;
    this.#compileOnDevice = compileOnDevice;
    this.#compileOnProcessor = compileOnProcessor;
  }

  async prepare(): Promise<void> {
    this.#onDevice = (await this.#attempt(this.#compileOnDevice))?.result;
    if (this.#onDevice === undefined) await this.#prepareOnProcessor();
  }

  async run(inputs: Tensors, outputs: Tensors): Promise<void> {
    const device = this.#onDevice;
    if (device !== undefined && (await this.#attempt(() => device.run(inputs, outputs)))) return;
    await (await this.#prepareOnProcessor()).run(inputs, outputs);
  }

  async #prepareOnProcessor(): Promise<Program> {
    return (this.#onProcessor ??= await this.#compileOnProcessor());
  }

  async dispose(): Promise<void> {
    await this.#onDevice?.dispose();
    await this.#onProcessor?.dispose();
  }
}
