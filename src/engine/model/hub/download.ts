import { readdir, rename, rm, rmdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { makeFolder } from "../../make-folder";
import { ParamscopeError } from "../../errors";
import { freeBytesOf } from "../../free-space";
import { architectureOf } from "../architectures/registry";
import { namesOfParts } from "../formats/gguf-parts";
import { quantizationOf } from "../formats/quantized/schemes";
import { readJson } from "../formats/read-json";
import { checkGguf, chooseDescriptions, chooseGguf, chooseWeights, holdsWeights } from "./choose-files";
import { HubClient, type RemoteFile } from "./client";
import { noRoom, writeError } from "./errors";
import { makePartialFolder, modelPath, partialFolder, tidy } from "./folders";
import { type ModelId, parseModelId } from "./id";
import { lockFolder } from "./lock";
import { bytesKept } from "./partial-file";
import { type DownloadProgress, ProgressMeter } from "./progress";
import { defaultRetry, type RetryPolicy } from "./retry";
import { checkEndpoint, checkToken, huggingFace } from "./settings";
import { type OnBytes, transfer } from "./transfer";

/** Where a model is downloaded to, and how. */
export interface DownloadOptions {
  /** The models folder. The model comes to be in `owner/name` below it. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly token?: string;
  /** The Hub's address; huggingface.co unless given. */
  readonly endpoint?: string;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** What requests are made with instead of Node's own `fetch`, for proxies. */
  readonly fetch?: typeof fetch;
  /** Free bytes of the disk that a folder is on. */
  readonly freeBytes?: (folder: string) => Promise<number>;
  readonly retry?: RetryPolicy;
}

/** A model that was downloaded, or was there already. */
export interface DownloadedModel {
  /** The model's path below the models folder, with `/`: what `--model` takes. */
  readonly id: string;
  readonly path: string;
  /** The bytes of the model's files on disk; 0 when it was there already. */
  readonly bytes: number;
  /** Whether the model was there already, so that nothing was downloaded. */
  readonly wasThere: boolean;
}

/**
 * Downloads a model from a Hugging Face Hub: of `owner/name` its descriptions and safetensors, of `owner/name:file.gguf` that
 * file, of a split one, whichever part is named, all parts, and never anything else. What is interrupted, by `signal` or otherwise, goes on from there when it is asked for again. The model
 * appears under its name only when it is whole, with every size and checksum verified.
 * @throws ParamscopeError naming what is wrong with the id, the repository, the way to it or the disk; the signal's reason
 * when it is aborted.
 */
export async function downloadModel(id: string, options: DownloadOptions): Promise<DownloadedModel> {
  const { folder, signal } = options;
  const model = byFirstPart(parseModelId(id));
  const target = modelPath(folder, model);
  const done = { id: [model.repository, model.file ?? []].flat().join("/"), path: target };
  if (await isWhole(folder, model)) return { ...done, bytes: 0, wasThere: true };
  const hub = connect(model, target, options);
  signal.throwIfAborted();

  const gathering = partialFolder(folder, model);
  const isResumed = await isThere(gathering);
  await makePartialFolder(folder, model).catch((error: unknown) => {
    throw writeError(gathering, error);
  });
  const unlock = await lockFolder(gathering);
  let keep = isResumed;
  try {
    const download = new Download(hub, model, gathering, options);
    const files = await download.plan();
    keep = true;
    await download.run(files);
    await putInPlace(gathering, target, model, files);
    return { ...done, bytes: sizeOf(files), wasThere: false };
  } finally {
    await unlock();
    // Where nothing of the weights has come there is nothing to go on from.
    if (!keep) await rm(gathering, { recursive: true, force: true });
    await tidy(folder);
  }
}

/** A split GGUF file goes by its first part, whichever is named. */
function byFirstPart(model: ModelId): ModelId {
  return model.file === undefined ? model : { ...model, file: namesOfParts(model.file)[0] };
}

class Download {
  #revision = "";
  readonly #hub: HubClient;
  readonly #model: ModelId;
  readonly #gathering: string;
  readonly #options: DownloadOptions;

  constructor(hub: HubClient, model: ModelId, gathering: string, options: DownloadOptions) {
    this.#hub = hub;
    this.#model = model;
    this.#gathering = gathering;
    this.#options = options;
  }

  /** Finds out what has to come, and whether it can be used, before anything large comes. */
  async plan(): Promise<readonly RemoteFile[]> {
    this.#revision = await this.#hub.commit();
    const { file } = this.#model;
    const files = file === undefined ? await this.#planFolder() : await this.#planGguf(file);
    await this.#checkRoom(files);
    return files;
  }

  async run(files: readonly RemoteFile[]): Promise<void> {
    const meter = new ProgressMeter(sizeOf(files), this.#options.onProgress ?? (() => undefined));
    for (const file of files) {
      await this.#bring(file, (count, phase) => meter.add(file.path, count, phase));
    }
  }

  async #planFolder(): Promise<readonly RemoteFile[]> {
    const top = await this.#hub.list(this.#revision, false);
    // GGUF files, which have to be named then, may be in folders alone
    const listed = holdsWeights(top) ? top : await this.#hub.list(this.#revision, true);
    const { config, others, index } = chooseDescriptions(this.#model, listed);
    await this.#bring(config);
    const description = await this.#readDescription(config);
    architectureOf(description, this.#model.repository);
    quantizationOf(this.#model.repository, description);
    if (index !== undefined) await this.#bring(index);
    const weights = chooseWeights(this.#model, listed, index && (await this.#readDescription(index)));
    return [config, ...others, ...(index === undefined ? [] : [index]), ...weights];
  }

  async #planGguf(file: string): Promise<readonly RemoteFile[]> {
    const files = chooseGguf(this.#model, file, await this.#hub.list(this.#revision, true));
    // of a split file the first part says what it is
    checkGguf(this.#model, await this.#hub.head(file, this.#revision, 4096));
    return files;
  }

  async #bring(file: RemoteFile, onBytes: OnBytes = () => undefined): Promise<void> {
    await transfer(this.#hub, file, this.#revision, this.#placeOf(file), onBytes);
  }

  /** Where a file is gathered. All of a model are in one folder of the repository. */
  #placeOf({ path }: RemoteFile): string {
    return join(this.#gathering, basename(path));
  }

  async #readDescription(file: RemoteFile): Promise<Record<string, unknown>> {
    return await readJson(this.#placeOf(file), "Choose another repository.");
  }

  async #checkRoom(files: readonly RemoteFile[]): Promise<void> {
    const { folder, freeBytes = freeBytesOf } = this.#options;
    const kept = await Promise.all(
      files.map(async (file) => Math.min(await bytesKept(this.#placeOf(file)), file.size)),
    );
    const needed = sizeOf(files) - kept.reduce((sum, bytes) => sum + bytes, 0);
    const free = await freeBytes(this.#gathering);
    if (needed > free) throw noRoom(folder, needed, free);
  }
}

function connect(model: ModelId, target: string, options: DownloadOptions): HubClient {
  const token = checkToken(options.token);
  return new HubClient({
    repository: model.repository,
    endpoint: checkEndpoint(options.endpoint ?? huggingFace),
    token,
    hasToken: token !== undefined,
    target,
    signal: options.signal,
    fetch: options.fetch ?? globalThis.fetch,
    retry: options.retry ?? defaultRetry,
  });
}

/**
 * Whether the model is there already.
 * @throws ParamscopeError when something else is in its place. A folder is one model: GGUF files in it would not be found.
 */
async function isWhole(folder: string, model: ModelId): Promise<boolean> {
  const { owner, name, file } = model;
  const path = join(folder, owner, name);
  const entries: string[] = await readdir(path).catch(() => []);
  const isModelFolder = entries.includes("config.json");
  if (file === undefined ? isModelFolder : await holdsParts(modelPath(folder, model))) return true;
  if (file === undefined ? entries.length === 0 : !isModelFolder) return false;
  throw new ParamscopeError(
    `${path} holds ${file === undefined ? "other files" : "the same model as a folder"} already.`,
    `Remove ${path} first, or choose another models folder (PARAMSCOPE_MODELS).`,
  );
}

/** Whether all parts of a GGUF file are there. */
async function holdsParts(path: string): Promise<boolean> {
  const there = new Set(await readdir(dirname(path)).catch(() => []));
  return namesOfParts(basename(path)).every((name) => there.has(name));
}

/** Lets the model appear under its name. */
async function putInPlace(
  gathering: string,
  target: string,
  model: ModelId,
  files: readonly RemoteFile[],
): Promise<void> {
  try {
    await makeFolder(dirname(target));
    if (model.file !== undefined) {
      // The first part, by which a split model goes, last.
      for (const { path } of files.toReversed()) {
        const name = basename(path);
        await rename(join(gathering, name), join(dirname(target), name));
      }
      await rm(gathering, { recursive: true });
      return;
    }
    // An interrupted download of an earlier version may have left more.
    const wanted = new Set(files.map(({ path }) => path));
    const extra = (await readdir(gathering)).filter((name) => !wanted.has(name));
    await Promise.all(extra.map((name) => rm(join(gathering, name), { recursive: true })));
    // What an earlier model left empty; Windows would not replace it.
    await rmdir(target).catch(() => undefined);
    await rename(gathering, target);
  } catch (error) {
    throw writeError(target, error);
  }
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

function sizeOf(files: readonly RemoteFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
