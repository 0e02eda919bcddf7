import { constants } from "node:fs";
import { access, open, readdir, realpath, stat } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { ParamscopeError } from "../engine/errors";
import { modelFiles } from "../engine/model/formats/model-files";
import { cannotWrite, isSpecial, placeOf } from "./output";
import { fileOf, identityOf, regularFileOf } from "./terminal/descriptors";

/** What `--recipe` writes. */
export const RECIPE_FILES = ["types.txt", "imatrix.gguf"] as const;

/** What a command is to write, as its options name it. */
export interface Outputs {
  readonly output?: string;
  readonly report?: string;
  readonly resume?: string;
  readonly gguf?: string;
  /** A folder, into which files of these names are written. */
  readonly recipe?: string;
  /** Folders, which an export writes as a whole. */
  readonly export?: string;
  readonly masks?: string;
}

/**
 * Whether the files can be written, before the work is done that would fill them; where standard output goes to a file or a pipe, that is one of them.
 * @param inputs files and folders that are read: nothing is written over them.
 * @throws ParamscopeError when one cannot, is named twice, is within what is exported, or is read.
 */
export async function checkOutputs(outputs: Outputs, inputs: readonly string[]): Promise<void> {
  const { output, report, resume, gguf, recipe } = outputs;
  const recipeFiles = recipe === undefined ? [] : RECIPE_FILES.map((name) => join(recipe, name));
  for (const path of inputs) await refuseToPrintOver(path);
  const read = await Promise.all(inputs.map((path) => realpath(path).catch(() => undefined)));
  const folders = await exportedFolders(outputs);
  for (const folder of folders) await refuseWithin(folder, inputs, read);
  const written = new Set<string>();
  const printed = fileOf(1);
  for (const path of [output, report, resume, gguf, ...recipeFiles]) {
    if (path === undefined) continue;
    // the engine says what else is wrong with what it writes
    if (path !== gguf && !recipeFiles.includes(path)) await checkOne(path);
    if (printed !== undefined && (await fileNamed(path)) === printed)
      throw new ParamscopeError(
        `${path} is to be written twice: standard output goes there`,
        "Name another file, or print the result with --json.",
      );
    if (await isSpecial(path)) {
      if (path === resume) throw new ParamscopeError(`${path} is no regular file`, "Name another file to resume from.");
      continue;
    }
    const place = await placeOf(path);
    if (written.has(place))
      throw new ParamscopeError(`${path} is to be written twice`, "Name another file for one of the two.");
    written.add(place);
    for (const folder of folders) refuseExported(path, place, folder);
    // a file to resume from is read by the run that wrote it
    if (path !== resume) await refuseInput(path, place, read, inputs);
  }
}

/**
 * Nothing that stands in a model's folder is written over, whether it is read or not, but what Paramscope has written there.
 * @param model the path of a model that is read.
 * @throws ParamscopeError for a file that is to be written, or printed into, and is one of the model's.
 */
export async function refuseModelFiles({ output, report, resume }: Outputs, model: string): Promise<void> {
  const written = [output, report, resume].filter((path) => path !== undefined);
  const printed = regularFileOf(1);
  if (written.length === 0 && printed === undefined) return;
  // where it cannot be looked at it cannot be opened, which says so
  const files = await modelFiles(model).catch(() => []);
  const own = files.length > 0 ? files : [model];
  const isFolder = (await stat(model).catch(() => undefined))?.isDirectory() === true;
  const home = isFolder ? await realpath(model) : undefined;
  const beside: FileOfFolder[] = [];
  if (home !== undefined) for await (const file of filesIn(home)) beside.push(file);
  const [ownPlaces, linkedPlaces] = await Promise.all(
    [own, beside.filter(({ isLink }) => isLink).map(({ path }) => path)].map(
      async (paths) => new Set(await Promise.all(paths.map((path) => realpath(path).catch(() => path)))),
    ),
  );
  for (const path of written) {
    const place = await placeOf(path);
    if (ownPlaces?.has(place)) throw new ParamscopeError(`${path} is a file of the model`, "Name another file.");
    const isOfFolder = linkedPlaces?.has(place) === true || (home !== undefined && isWithin(place, home));
    if (isOfFolder && !(await mayBeReplaced(place)))
      throw new ParamscopeError(
        `${path} is a file of the model's folder: it is not written over`,
        "Name another file, or one that is not there yet.",
      );
  }
  if (printed === undefined) return;
  for (const file of [...own, ...beside.map(({ path }) => path)])
    if ((await fileNamed(file)) === printed && (own.includes(file) || !(await mayBeReplaced(file))))
      throw new ParamscopeError(`${file} is a file of the model, and where standard output goes`, SEND_ELSEWHERE);
}

const SEND_ELSEWHERE = "Send it to another file.";

/** @throws ParamscopeError where standard output goes to what is read there. */
async function refuseToPrintOver(path: string): Promise<void> {
  const printed = fileOf(1);
  if (printed === undefined) return;
  const isInput = path === "-" && (await fileNamed(path)) === undefined;
  if (isInput ? regularFileOf(0) === printed : (await fileNamed(path)) === printed)
    throw new ParamscopeError(
      `${isInput ? "Standard input" : path} is what is read, and where standard output goes`,
      SEND_ELSEWHERE,
    );
  if (regularFileOf(1) === undefined || !(await stat(path).catch(() => undefined))?.isDirectory()) return;
  for await (const { path: file } of filesIn(path))
    // the shell has made it, or a result was saved there: that is no text of the folder
    if ((await fileNamed(file)) === printed && !file.endsWith(".paramscope") && (await stat(file)).size > 0)
      throw new ParamscopeError(`${file} is in a folder that is read, and where standard output goes`, SEND_ELSEWHERE);
}

interface ExportedFolder {
  readonly path: string;
  readonly place: string;
}

async function exportedFolders({ export: model, masks }: Outputs): Promise<ExportedFolder[]> {
  const paths = [model, masks].filter((path) => path !== undefined);
  return await Promise.all(paths.map(async (path) => ({ path, place: await placeOf(path) })));
}

/** @throws ParamscopeError where something that is read, or standard output, is within a folder that is replaced as a whole. */
async function refuseWithin(
  { path, place }: ExportedFolder,
  inputs: readonly string[],
  read: readonly (string | undefined)[],
): Promise<void> {
  const at = read.findIndex((input) => input !== undefined && (input === place || isWithin(input, place)));
  if (at >= 0)
    throw new ParamscopeError(
      `${inputs[at] ?? path} is what is read, and in ${path}, which is exported`,
      "Name another folder.",
    );
  const printed = regularFileOf(1);
  if (printed === undefined) return;
  for await (const { path: file } of filesIn(place))
    if ((await fileNamed(file)) === printed)
      throw new ParamscopeError(`Standard output goes into ${path}, which is exported`, SEND_ELSEWHERE);
}

/** @throws ParamscopeError for a file in a folder that is exported, or in the place of what it is in. */
function refuseExported(path: string, place: string, folder: ExportedFolder): void {
  if (place === folder.place)
    throw new ParamscopeError(`${path} is to be written twice: the export goes there`, "Name another file.");
  if (isWithin(place, folder.place) || isWithin(folder.place, place))
    throw new ParamscopeError(
      `${path} is not written: ${folder.path} is exported as a whole`,
      "Name a file beside that folder.",
    );
}

async function refuseInput(
  path: string,
  place: string,
  read: readonly (string | undefined)[],
  inputs: readonly string[],
): Promise<void> {
  const input = inputs.includes("-") ? regularFileOf(0) : undefined;
  if (read.includes(place) || (input !== undefined && (await fileNamed(place)) === input))
    throw new ParamscopeError(`${path} is what is read: it is not written over`, "Name another file.");
  const folder = read.find((other) => other !== undefined && isWithin(place, other));
  // a result that was saved there, or a model, is no text of the folder
  if (
    folder === undefined ||
    /\.(paramscope|gguf)$/.test(place) ||
    (await stat(place).catch(() => undefined)) === undefined
  )
    return;
  throw new ParamscopeError(
    `${path} is in a folder that is read: it is not written over`,
    "Name another file, or one that is not there yet.",
  );
}

function isWithin(place: string, folder: string): boolean {
  return place.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}

/** What tells a file by its name from all others; undefined where there is none. */
async function fileNamed(path: string): Promise<string | undefined> {
  const status = await stat(path, { bigint: true }).catch(() => undefined);
  return status && identityOf(status);
}

/** So many files and folders of a folder are looked at: no model has more, and no run as many texts. */
const MOST_ENTRIES = 100_000;

interface FileOfFolder {
  readonly path: string;
  readonly isLink: boolean;
}

/** The files in a folder and those below it, and links, which are not followed. */
async function* filesIn(folder: string): AsyncGenerator<FileOfFolder, void, void> {
  let seen = 0;
  for (let level = [folder]; level.length > 0;) {
    const below: string[] = [];
    for (const here of level)
      for (const entry of await readdir(here, { withFileTypes: true }).catch(() => [])) {
        if (++seen > MOST_ENTRIES) return;
        const path = join(here, entry.name);
        if (entry.isDirectory()) below.push(path);
        else yield { path, isLink: entry.isSymbolicLink() };
      }
    level = below;
  }
}

/** How a document, and what a run is resumed from, begin; and what every report has in its head. */
const RESULT = /^\{"format":"paramscope\.|^<!doctype html>[^]*<meta name="generator" content="Paramscope /;
const HEAD_BYTES = 4096;

/** Whether a file is not there, is empty, as the shell has made it, or is one that Paramscope has written. */
async function mayBeReplaced(path: string): Promise<boolean> {
  const status = await stat(path).catch(() => undefined);
  if (status === undefined || (status.isFile() && status.size === 0)) return true;
  if (!status.isFile()) return false;
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return RESULT.test(buffer.subarray(0, bytesRead).toString("utf8"));
  } finally {
    await file.close();
  }
}

async function checkOne(path: string): Promise<void> {
  if (path === "")
    throw new ParamscopeError("The name of a file to write is empty", "Is a variable of the shell not set?");
  const status = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    // no file of that name can ever be there
    if (["ENOTDIR", "ENAMETOOLONG", "ELOOP"].includes(cause.code ?? "")) throw cannotWrite(path, cause);
    return undefined;
  });
  if (status?.isDirectory()) throw new ParamscopeError(`${path} is a folder`, "Name a file.");
  await access((await isSpecial(path)) ? path : dirname(await placeOf(path)), constants.W_OK).catch(
    (cause: unknown) => {
      throw cannotWrite(path, cause);
    },
  );
}
