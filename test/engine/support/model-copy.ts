import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Model } from "../../../src/engine/model/model";
import { fixturePath } from "./reference";

export type Config = Record<string, unknown>;

export interface StoredTensor {
  dtype: string;
  shape: number[];
  bytes: Uint8Array;
}

export interface ModelChanges {
  readonly config?: (config: Config) => Config;
  readonly tensors?: (tensors: Map<string, StoredTensor>) => void;
}

/** A fixture's folder with changes, in a temporary folder. */
export class ModelCopy {
  private constructor(readonly path: string) {}

  /** Another model with the fixture's tokenizer. */
  static async made(fixture: string, config: Config, tensors: ReadonlyMap<string, StoredTensor>): Promise<ModelCopy> {
    const path = await mkdtemp(join(tmpdir(), "paramscope-test-"));
    for (const name of ["tokenizer.json", "tokenizer_config.json"])
      await cp(join(fixturePath(fixture), name), join(path, name));
    await writeFile(join(path, "config.json"), JSON.stringify(config));
    await writeFile(join(path, "model.safetensors"), writeTensors(tensors));
    return new ModelCopy(path);
  }

  /** Where tensors are changed the model must be in one file. */
  static async of(fixture: string, { config, tensors }: ModelChanges): Promise<ModelCopy> {
    const path = await mkdtemp(join(tmpdir(), "paramscope-test-"));
    await cp(fixturePath(fixture), path, { recursive: true });
    if (config) {
      const file = join(path, "config.json");
      await writeFile(file, JSON.stringify(config(JSON.parse(await readFile(file, "utf8")) as Config)));
    }
    if (tensors) {
      const file = join(path, "model.safetensors");
      const all = readTensors(await readFile(file));
      tensors(all);
      await writeFile(file, writeTensors(all));
    }
    return new ModelCopy(path);
  }

  /** As pruning or tuning leaves a model: the same name, shapes and first matrices, other down projections. */
  static tuned(fixture: string): Promise<ModelCopy> {
    return ModelCopy.of(fixture, {
      tensors: (tensors) => {
        for (const [name, { bytes }] of tensors)
          if (name.endsWith("mlp.down_proj.weight")) bytes.fill(0, 0, bytes.length / 2);
      },
    });
  }

  /** Opens nothing: removes the folder. */
  async remove(): Promise<void> {
    await rm(this.path, { recursive: true });
  }
}

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

export function readTensors(file: Uint8Array): Map<string, StoredTensor> {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length))) as Record<string, Entry>;
  const tensors = new Map<string, StoredTensor>();
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const [from, to] = data_offsets;
    tensors.set(name, { dtype, shape, bytes: file.slice(8 + length + from, 8 + length + to) });
  }
  return tensors;
}

export function writeTensors(tensors: ReadonlyMap<string, StoredTensor>): Uint8Array {
  const entries: Record<string, Entry> = {};
  let end = 0;
  for (const [name, { dtype, shape, bytes }] of tensors) {
    entries[name] = { dtype, shape, data_offsets: [end, end + bytes.length] };
    end += bytes.length;
  }
  const header = new TextEncoder().encode(JSON.stringify(entries));
  const file = new Uint8Array(8 + header.length + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, 8);
  for (const [name, { bytes }] of tensors) file.set(bytes, 8 + header.length + entries[name].data_offsets[0]);
  return file;
}

/** A model that tells of every read of its weights before it happens. */
export function observed(model: Model, onRead: (tensor: string) => void): Model {
  return readBy(model, async (read, name, ...how) => {
    onRead(name);
    await read(name, ...how);
  });
}

type Read = Model["checkpoint"]["read"];

/** A model whose weights are read otherwise. */
export function readBy(model: Model, read: (own: Read, ...how: Parameters<Read>) => Promise<void>): Model {
  const { checkpoint } = model;
  return {
    ...model,
    checkpoint: {
      format: checkpoint.format,
      path: checkpoint.path,
      config: checkpoint.config,
      tensors: checkpoint.tensors,
      read: (...how) => read(checkpoint.read.bind(checkpoint), ...how),
      close: () => checkpoint.close(),
    },
  };
}

/** The block that a tensor belongs to. */
export function layerOf(tensor: string): number | undefined {
  const layer = /\.(?:layers|h)\.(\d+)\./.exec(tensor)?.[1];
  return layer === undefined ? undefined : Number(layer);
}
