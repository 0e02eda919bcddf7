import { realpath } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { ParamscopeError } from "../../errors";

/**
 * Whether folders that are written as a whole would be in each other's way, or in the model's.
 * @param folders of the model that is exported, and of its masks.
 * @param model the path of the model that is read.
 * @throws ParamscopeError where they would.
 */
export async function refuseOverlap(folders: readonly string[], model: string): Promise<void> {
  const [first, second] = await Promise.all(folders.map(placeOf));
  if (first !== undefined && first === second)
    throw new ParamscopeError("The model and its masks cannot be in one folder.", "Name two folders.");
  if (first !== undefined && second !== undefined && (isWithin(first, second) || isWithin(second, first)))
    throw new ParamscopeError(
      "The model and its masks cannot be one in the folder of the other.",
      "Name two folders beside each other.",
    );
  const read = await realpath(model);
  for (const folder of folders) {
    const place = await placeOf(folder);
    if (read === place || isWithin(read, place))
      throw new ParamscopeError(`${folder} has the model that is read: it is not replaced.`, "Name another folder.");
  }
}

/** Where a folder is, or will be, by whatever name. A link is none, and refused where folders are looked at. */
async function placeOf(folder: string): Promise<string> {
  const path = resolve(folder);
  const parent = await realpath(dirname(path)).catch(() => dirname(path));
  return await realpath(path).catch(() => join(parent, basename(path)));
}

const isWithin = (place: string, folder: string): boolean =>
  place.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
