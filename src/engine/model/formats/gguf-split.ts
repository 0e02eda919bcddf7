import { readdir } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { ParamscopeError } from "../../errors";
import { plural } from "../../numbers/plural";
import { readGgufHeader, type GgufHeader } from "./gguf-header";
import { ggufPart, pathOfPart } from "./gguf-parts";
import { quote } from "./quote";
import { RangeFile, readError } from "./range-file";

/** A file of a GGUF model, opened. */
export interface OpenedPart {
  readonly file: RangeFile;
  readonly header: GgufHeader;
}

const AGAIN = "Download all parts again, into one folder and under their own names.";

/**
 * Opens a GGUF file, and where it is part of a split one all others, in the order of the parts (gguf-split.cpp): the first has the metadata.
 * @param path of the file, or of any part
 * @throws ParamscopeError naming the part that is missing, there twice, or of another model
 */
export async function openParts(path: string): Promise<OpenedPart[]> {
  const named = await openPart(path);
  const count = entry(named, "split.count") ?? 1;
  if (count <= 1) return [named];
  const parts: OpenedPart[] = [];
  try {
    const files = await pathsOfParts(named, count);
    for (const file of files) parts.push(file === path ? named : await openPart(file));
    checkParts(parts, count);
    return parts;
  } catch (error) {
    await closeAll([...new Set([named, ...parts])].map(({ file }) => file));
    throw error;
  }
}

export async function closeAll(files: readonly RangeFile[]): Promise<void> {
  await Promise.all(files.map((file) => file.close()));
}

async function openPart(path: string): Promise<OpenedPart> {
  const file = await RangeFile.open(path);
  try {
    return { file, header: readGgufHeader(file) };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** A number of the metadata, which the parts behind the first have little of. */
function entry({ header }: OpenedPart, key: string): number | undefined {
  const value = header.metadata.get(key);
  return typeof value === "number" || typeof value === "bigint" ? Number(value) : undefined;
}

/** The paths of all parts, by the name of one, which is as it was opened. @throws ParamscopeError naming those that are missing. */
async function pathsOfParts(named: OpenedPart, count: number): Promise<string[]> {
  const { path } = named.file;
  const part = ggufPart(path);
  if (part?.count !== count) {
    throw new ParamscopeError(
      `${path} is part ${(entry(named, "split.no") ?? 0) + 1} of ${count} of a split GGUF file, which its name does not say: the others cannot be found.`,
      `Give all parts the names that they had, as NAME-00001-of-${String(count).padStart(5, "0")}.gguf.`,
    );
  }
  const folder = dirname(path);
  const there = new Set(await readdir(folder).catch((error: unknown) => Promise.reject(readError(folder, error))));
  const paths = Array.from({ length: count }, (_, i) => (i + 1 === part.number ? path : pathOfPart(path, part, i + 1)));
  const missing = paths.filter((one) => one !== path && !there.has(basename(one)));
  if (missing.length > 0) {
    const names = missing.slice(0, 4).map((one) => quote(basename(one)));
    const more = missing.length > names.length ? ` and ${missing.length - names.length} more` : "";
    throw new ParamscopeError(
      `${folder} lacks ${missing.length} of the ${count} parts of the model: ${names.join(", ")}${more}.`,
      `Download the missing ${plural(missing.length, "part", "parts")} into the folder.`,
    );
  }
  return paths;
}

/** @throws ParamscopeError where a part is not the one that its name says: one is there twice, or of another model. */
function checkParts(parts: readonly OpenedPart[], count: number): void {
  parts.forEach((part, i) => {
    const { path } = part.file;
    const number = entry(part, "split.no");
    if (entry(part, "split.count") !== count || number === undefined)
      throw new ParamscopeError(`${path} is no part of a model that is split into ${count}.`, AGAIN);
    if (number === i) return;
    const other = parts[number]?.file.path;
    throw new ParamscopeError(
      other === undefined
        ? `${path} says that it is part ${number + 1} of ${count}.`
        : `${path} is part ${number + 1} of ${count} under the name of part ${i + 1}, and ${quote(basename(other))} has that name.`,
      AGAIN,
    );
  });
}
