import type { Checkpoint } from "../model/checkpoint";
import type { Model } from "../model/model";
import { elementAt } from "../numbers/elements";
import { Head } from "../sweep/head";
import { lastHiddenStates, type ForwardRequest } from "./hidden-states";

/** The most tokens of a continuation. */
export const MOST_TOKENS = 40;

/**
 * What the model writes after a prompt when it always takes the likeliest token. Every token is a forward pass of the whole
 * text: give it a model whose weights are in memory.
 * @returns the ids written, at most `MOST_TOKENS`; fewer where the model ends the text or can read no more.
 */
export async function* continueGreedily(
  request: Omit<ForwardRequest, "ids"> & { readonly prompt: Int32Array },
): AsyncGenerator<number, number[], void> {
  const { model, runtime, profiler, prompt, signal } = request;
  const head = new Head({ model, runtime, profiler });
  const ends = endTokens(model.checkpoint.config);
  const written: number[] = [];
  try {
    while (written.length < MOST_TOKENS && prompt.length + written.length < model.context) {
      const run = lastHiddenStates({ ...request, ids: [Int32Array.from([...prompt, ...written])] });
      let step = await run.next();
      while (!step.done) step = await run.next();
      const hidden = elementAt(step.value, 0).slice(-model.hiddenSize);
      const results = await head.run([{ hidden, following: [] }], { kind: "max-logit" }, signal);
      const { id } = elementAt(elementAt(results, 0).next, 0);
      if (ends.has(id)) break;
      written.push(id);
      yield written.length;
    }
    return written;
  } finally {
    await head.dispose();
  }
}

function endTokens({ eos_token_id: ends }: Readonly<Record<string, unknown>>): Set<unknown> {
  return new Set(Array.isArray(ends) ? ends : [ends]);
}

/** The text that ids say, those of a character that several tokens make up together. */
export function writtenText(ids: readonly number[], { tokenizer }: Model): string {
  const texts = ids.map((id) => tokenizer.tokenText(id));
  return texts
    .join("")
    .replace(/(?:<0x[0-9A-F]{2}>)+/g, (bytes) =>
      new TextDecoder().decode(Uint8Array.from(bytes.matchAll(/[0-9A-F]{2}/g), ([byte]) => parseInt(byte, 16))),
    );
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
