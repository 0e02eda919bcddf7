import { copyFile, mkdir, open, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A tensor of a model with random weights. */
export interface SyntheticTensor {
  readonly name: string;
  readonly type: "BF16" | "U8";
  readonly shape: readonly number[];
  /** Some of its bytes, which are repeated. */
  readonly bytes: Buffer;
}

/** Writes a model's folder with the bundled tokenizer, unless it is there; `BENCH_FOLDER` says where such models are kept. */
export async function writeModel(
  name: string,
  config: Readonly<Record<string, unknown>>,
  tensors: readonly SyntheticTensor[],
): Promise<string> {
  const folder = join(process.env.BENCH_FOLDER ?? tmpdir(), "paramscope-bench-models", name);
  const header: Record<string, { dtype: string; shape: readonly number[]; data_offsets: [number, number] }> = {};
  let end = 0;
  for (const { name, type, shape } of tensors) {
    const bytes = (type === "BF16" ? 2 : 1) * shape.reduce((product, dim) => product * dim, 1);
    header[name] = { dtype: type, shape, data_offsets: [end, end + bytes] };
    end += bytes;
  }
  const text = Buffer.from(JSON.stringify(header));
  const file = join(folder, "model.safetensors");
  if ((await stat(file).catch(() => undefined))?.size === 8 + text.length + end) return folder;

  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "config.json"), JSON.stringify(config));
  for (const of of ["tokenizer.json", "tokenizer_config.json"])
    await copyFile(join("models", "demo", of), join(folder, of));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const out = await open(file, "w");
  try {
    await out.write(length);
    await out.write(text);
    for (const { name, bytes } of tensors) {
      const [from = 0, to = 0] = header[name]?.data_offsets ?? [];
      for (let left = to - from; left > 0; left -= bytes.length)
        await out.write(bytes, 0, Math.min(left, bytes.length));
    }
  } finally {
    await out.close();
  }
  return folder;
}
