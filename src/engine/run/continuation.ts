import type { Checkpoint } from "../model/checkpoint";
import type { Model } from "../model/model";
import { elementAt, zip } from "../numbers/elements";
import { Head } from "../sweep/head";
import { lastHiddenStates, type ForwardRequest } from "../sweep/hidden-states";

/** What is continued, and how far. */
export interface ContinuationRequest extends Omit<ForwardRequest, "ids"> {
  readonly prompts: readonly Int32Array[];
  /** The most tokens of a continuation. */
  readonly most: number;
  /** Also ends a continuation, without the last of these tokens, which would be next. */
  readonly isOver?: (ids: readonly number[], next: number) => boolean;
}

/**
 * What the model writes after prompts when it always takes the likeliest token. Every token is a forward pass of the whole
 * texts: give it a model whose weights are in memory. Yields the number of tokens written of the longest.
 * @returns the ids written behind each prompt, at most `most`; fewer where the model ends the text or can read no more.
 */
export async function* continueGreedily(request: ContinuationRequest): AsyncGenerator<number, number[][], void> {
  const { model, runtime, profiler, prompts, most, isOver, signal } = request;
  const head = new Head({ model, runtime, profiler });
  const ends = endTokens(model.checkpoint.config);
  const texts = prompts.map((prompt) => ({ prompt, written: [] as number[], isOpen: true }));
  try {
    for (let done = 0; done < most;) {
      const open = texts.filter((text) => text.isOpen && text.prompt.length + text.written.length < model.context);
      if (open.length === 0) break;
      const ids = open.map(({ prompt, written }) => Int32Array.from([...prompt, ...written]));
      const run = lastHiddenStates({ model, runtime, profiler, ids, ...(signal && { signal }) });
      let step = await run.next();
      while (!step.done) step = await run.next();
      const lasts = step.value.map((hidden) => ({ hidden: hidden.slice(-model.hiddenSize), following: [] }));
      for (const [text, { next }] of zip(open, await head.run(lasts, { kind: "max-logit" }, signal))) {
        const { id } = elementAt(next, 0);
        text.isOpen = !ends.has(id) && isOver?.(text.written, id) !== true;
        if (text.isOpen) text.written.push(id);
      }
      yield ++done;
    }
    return texts.map(({ written }) => written);
  } finally {
    await head.dispose();
  }
}

function endTokens({ eos_token_id: ends }: Readonly<Record<string, unknown>>): Set<unknown> {
  return new Set(Array.isArray(ends) ? ends : [ends]);
}

/** The model with every tensor kept in memory once it has been read. */
export function resident(model: Model): Model {
  return { ...model, checkpoint: new ResidentCheckpoint(model.checkpoint) };
}

class ResidentCheckpoint implements Checkpoint {
  readonly format;
  readonly path;
  readonly config;
  readonly tensors;
  readonly #stored: Checkpoint;
  readonly #values = new Map<string, Float32Array>();

  constructor(stored: Checkpoint) {
    this.#stored = stored;
    ({ format: this.format, path: this.path, config: this.config, tensors: this.tensors } = stored);
  }

  async read(name: string, out: Float32Array, from = 0, to = this.#rows(name)): Promise<void> {
    const key = `${name} ${from} ${to}`;
    let values = this.#values.get(key);
    if (values === undefined) {
      const size = (this.tensors.get(name)?.shape ?? []).reduce((a, b) => a * b, 1);
      values = new Float32Array(((to - from) * size) / this.#rows(name));
      await this.#stored.read(name, values, from, to);
      this.#values.set(key, values);
    }
    out.set(values);
  }

  #rows(name: string): number {
    const [rows = 1, ...columns] = this.tensors.get(name)?.shape ?? [];
    return columns.length > 0 ? rows : 1;
  }

  close(): Promise<void> {
    return this.#stored.close();
  }
}
