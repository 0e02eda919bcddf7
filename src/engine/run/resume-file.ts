import { createHash } from "node:crypto";
import { readdir, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { clearLeftovers, shortName } from "../leftovers";
import { makeFolder } from "../make-folder";

import * as z from "zod";

import type { ResumePlace } from "../api";
import { ParamscopeError } from "../errors";
import { elementAt } from "../numbers/elements";
import type { ResumePoint } from "../sweep/sweep";

const header = z.object({
  format: z.literal("paramscope.resume"),
  /** What the run is: another one may not go on with it. */
  key: z.string(),
  layer: z.int(),
  /** Per sample how many float32 its gradient has; they follow the line. */
  lengths: z.array(z.int().min(0)),
  /** What is known of the layers that are done, the last of the model first. */
  results: z.array(z.unknown()),
});

/** Between two writings, in a folder of such files: a run that is shorter leaves nothing. */
const SECONDS_BETWEEN = 10;
/** What nobody came back to for so long is deleted, in a folder of such files. */
const DAYS_KEPT = 30;
const SUFFIX = ".resume";

/** Where the file is, the run that it is of, and how often it may be written. */
interface Place {
  readonly path: string;
  readonly key: string;
  readonly secondsBetween: number;
}

/**
 * How far a long run is, so that it can be taken up: one line of JSON, then the gradients at the layer that is next. Written
 * whole.
 */
export class ResumeFile<Layer> {
  /** The results of the layers that are done, by layer. */
  readonly layers: Map<number, Layer>;
  readonly #place: Place;
  readonly #from: ResumePoint | undefined;
  /** When it was written, or else opened, in milliseconds. */
  #written = performance.now();

  private constructor(place: Place, layers = new Map<number, Layer>(), from?: ResumePoint) {
    this.#place = place;
    this.layers = layers;
    this.#from = from;
  }

  /**
   * The file of a run, with what an earlier one has left there.
   * @param run what tells this run from others.
   * @throws ParamscopeError when the file that was named is there, and not of this run.
   */
  static async open<Layer>(
    place: ResumePlace,
    run: unknown,
    schema: z.ZodType<Layer>,
    layers: number,
  ): Promise<ResumeFile<Layer>> {
    const key = createHash("sha256").update(JSON.stringify(run)).digest("hex");
    if (typeof place === "string") {
      await clearLeftoversOf(await realpath(place).catch(() => place));
      return ResumeFile.#read({ path: place, key, secondsBetween: 0 }, schema, layers);
    }
    const kept = { path: join(place.folder, `${key}${SUFFIX}`), key, secondsBetween: SECONDS_BETWEEN };
    await removeOld(place.folder);
    await clearLeftoversOf(kept.path);
    // the user knows nothing of this file: where it is damaged the run begins anew
    return ResumeFile.#read(kept, schema, layers).catch((error: unknown) => {
      if (error instanceof ParamscopeError) return new ResumeFile<Layer>(kept);
      throw error;
    });
  }

  static async #read<Layer>(place: Place, schema: z.ZodType<Layer>, layers: number): Promise<ResumeFile<Layer>> {
    const { path, key } = place;
    const status = await stat(path).catch(() => undefined);
    if (status && !status.isFile())
      throw new ParamscopeError(`${path} is no regular file.`, "Name another file to resume from.");
    const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw new ParamscopeError(`${path} cannot be read (${error.code ?? error.message}).`, "Name another file.", {
        cause: error,
      });
    });
    if (bytes === undefined) return new ResumeFile(place);
    const end = bytes.indexOf(10);
    const parsed = header.safeParse(jsonOf(bytes.subarray(0, end).toString("utf8")));
    const floats = parsed.success ? parsed.data.lengths.reduce((sum, length) => sum + length, 0) : NaN;
    const results = parsed.success ? z.array(schema).safeParse(parsed.data.results) : undefined;
    if (!parsed.success || !results?.success || bytes.length !== end + 1 + 4 * floats)
      throw new ParamscopeError(
        `${path} is not a file to resume from, or is damaged.`,
        "Name another file, or delete it.",
      );
    if (parsed.data.key !== key)
      throw new ParamscopeError(
        `${path} is of another run: its model, texts or options differ.`,
        "Give the same command as before, or name another file.",
      );
    const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset + end + 1, bytes.byteOffset + bytes.length));
    let taken = 0;
    const gradients = parsed.data.lengths.map((length) => values.subarray(taken, (taken += length)));
    const done = new Map(results.data.map((layer, i) => [layers - 1 - i, layer]));
    return new ResumeFile(place, done, { layer: parsed.data.layer, gradients });
  }

  /**
   * Where a run goes on, and how it keeps how far it is; its sample i is text `textOf[i]`. Kept are the gradients of texts, as how
   * a run is cut into samples may differ from time to time.
   */
  forRun(textOf: readonly number[], resultOf: (layer: number) => Layer) {
    const from = this.#from;
    // of each text its first sample
    const texts: number[] = [];
    for (const [sample, text] of textOf.entries()) texts[text] ??= sample;
    return {
      from: from && { ...from, gradients: textOf.map((text) => elementAt(from.gradients, text)) },
      save: ({ layer, gradients }: ResumePoint) =>
        this.#save(resultOf(layer), { layer, gradients: texts.map((sample) => elementAt(gradients, sample)) }),
    };
  }

  async #save(result: Layer, { layer, gradients }: ResumePoint): Promise<void> {
    this.layers.set(layer, result);
    const { path, key, secondsBetween } = this.#place;
    if (performance.now() - this.#written < 1000 * secondsBetween) return;
    const line = {
      format: "paramscope.resume",
      key,
      layer,
      lengths: gradients.map(({ length }) => length),
      results: [...this.layers].sort(([a], [b]) => b - a).map(([, value]) => value),
    };
    const bytes = gradients.map((values) => Buffer.from(values.buffer, values.byteOffset, values.byteLength));
    // a link stays one
    const place = await realpath(path).catch(() => path);
    const temporary = join(dirname(place), `${shortName(basename(place))}.${process.pid}.tmp`);
    try {
      await writeFile(temporary, Buffer.concat([Buffer.from(`${JSON.stringify(line)}\n`), ...bytes]));
      await rename(temporary, place);
      this.#written = performance.now();
    } catch (cause) {
      await rm(temporary, { force: true });
      // where the user asked for no file, none is no reason to end the run
      if (secondsBetween > 0) return;
      throw new ParamscopeError(
        `${path} cannot be written, and the run could not be resumed.`,
        "Make room, or name another file.",
        { cause },
      );
    }
  }

  /** Deletes the file, when the run is whole; a link to it stays, as it does when it is written. */
  async remove(): Promise<void> {
    const { path } = this.#place;
    await rm(await realpath(path).catch(() => path), { force: true });
  }
}

/** Deletes what killed runs have left of the file under other names. */
async function clearLeftoversOf(path: string): Promise<void> {
  const name = shortName(basename(path)).replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  await clearLeftovers(dirname(path), new RegExp(String.raw`^${name}\.(\d+)\.tmp$`));
}

/** Makes the folder, if there is none, and empties it of what is old. */
async function removeOld(folder: string): Promise<void> {
  try {
    await makeFolder(folder);
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      if (name.includes(SUFFIX) && Date.now() - (await stat(path)).mtimeMs > DAYS_KEPT * 86_400_000)
        await rm(path, { force: true });
    }
  } catch {
    // a folder that cannot be written to is met again, and passed over, when the run is kept
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
