import { lstat, readdir, readFile, rm, rmdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { ParamscopeError } from "../../errors";
import { shortName } from "../../leftovers";
import { makeFolder } from "../../make-folder";
import { modelFiles } from "../formats/model-files";
import { quote } from "../formats/quote";
import { formatModelId, type ModelId, parseModelId } from "./id";

/** Downloads that are not whole yet are in a hidden folder of the models folder: on the same disk, and never listed. */
const unfinished = ".partial";

/** Stands for `/` and `:`. No owner and no repository has it in its name. */
const separator = "--";

/** Stands for `/` in the place of a file within its repository. No file that is downloaded has it in its name. */
const within = "~";

/** Where a download gathers its files until it is whole. */
export function partialFolder(folder: string, { owner, name, file }: ModelId): string {
  return join(folder, unfinished, partialName([owner, name, ...(file?.split("/") ?? [])]));
}

/** In a folder whose name is not made of the id, as that would be too long: the id. */
const idName = ".id";

/**
 * Makes the folder that a download gathers its files in.
 * @throws the system's error.
 */
export async function makePartialFolder(folder: string, model: ModelId): Promise<string> {
  const path = partialFolder(folder, model);
  await makeFolder(path);
  if (idOfName(basename(path)) === undefined) await writeFile(join(path, idName), formatModelId(model));
  return path;
}

/** @param parts owner and name, and the place of a file within the repository. */
function partialName([owner = "", name = "", ...file]: readonly string[]): string {
  return shortName([owner, name, ...(file.length === 0 ? [] : [file.join(within)])].join(separator));
}

/** The id that the name of such a folder is made of; undefined: it stands for one that is too long. */
function idOfName(entry: string): string | undefined {
  const [owner, name, ...file] = entry.split(separator);
  if (name === undefined) return undefined;
  return file.length === 0 ? `${owner}/${name}` : `${owner}/${name}:${file.join(separator).replaceAll(within, "/")}`;
}

/** Takes the folder of unfinished downloads away when none is left. */
export async function tidy(folder: string): Promise<void> {
  await rmdir(join(folder, unfinished)).catch(() => undefined);
}

/** Where a model is: its folder, or its GGUF file. */
export function modelPath(folder: string, { owner, name, file }: ModelId): string {
  return join(folder, owner, name, file ?? "");
}

/** A download that was interrupted, and can go on. */
export interface PartialDownload {
  /** The id by which the download is asked for again: `owner/name`, `owner/name:file.gguf`. */
  readonly id: string;
  /** Bytes that are there. */
  readonly bytes: number;
}

/** Downloads into `folder` that were interrupted. None when there is no such folder. */
export async function partialDownloads(folder: string): Promise<PartialDownload[]> {
  const names = await readdir(join(folder, unfinished)).catch(() => []);
  const downloads = await Promise.all(
    names.sort().map(async (entry) => {
      const path = join(folder, unfinished, entry);
      const text = idOfName(entry) ?? (await readFile(join(path, idName), "utf8").catch(() => ""));
      try {
        return { id: formatModelId(parseModelId(text)), bytes: await bytesIn(path) };
      } catch (error) {
        // Something else that somebody put there.
        if (error instanceof ParamscopeError) return undefined;
        throw error;
      }
    }),
  );
  return downloads.filter((download) => download !== undefined);
}

async function bytesIn(path: string): Promise<number> {
  const names = await readdir(path).catch(() => []);
  const files = names.filter((name) => !name.startsWith("."));
  const sizes = await Promise.all(
    files.map(async (name) =>
      lstat(join(path, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

/**
 * Deletes a model of a models folder, and what an interrupted download of it left. Of a link only the link goes.
 * @param id its path below the folder, with `/`, or as it was asked for: `owner/name:file.gguf`.
 * @throws ParamscopeError when there is none.
 */
export async function removeModel(id: string, folder: string): Promise<void> {
  const parts = id.split(/[/:]/);
  if (parts.some((part) => part === "" || part.startsWith(".") || part.includes("\\"))) {
    throw new ParamscopeError(`${quote(id)} is no id of a model.`, "Name one as the list of models shows it.");
  }
  const [path, partial] = [join(folder, ...parts), join(folder, unfinished, partialName(parts))];
  const status = await lstat(path).catch(() => undefined);
  const partialStatus = await lstat(partial).catch(() => undefined);
  if (status === undefined && partialStatus === undefined) {
    throw new ParamscopeError(
      `There is no model ${quote(id)} in ${folder}.`,
      "Name one as the list of models shows it.",
    );
  }
  try {
    // of a split GGUF file all parts
    const files = status?.isFile() ? await modelFiles(path) : status === undefined ? [] : [path];
    for (const file of files) await rm(file, { recursive: status?.isDirectory() ?? false });
    await rm(partial, { recursive: true, force: true });
    await tidy(folder);
  } catch (error) {
    throw new ParamscopeError(
      `${path} cannot be deleted (${error instanceof Error ? error.message : String(error)}).`,
      "Check its permissions, and that no program has it open.",
      { cause: error },
    );
  }
}
