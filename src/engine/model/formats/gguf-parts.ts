import { basename } from "node:path";

/** How llama.cpp's `llama_split_path` names the parts of a split file: from 1 on, five digits. */
const PART = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/;

/** A file of a GGUF model that is split into several, by its name. */
export interface GgufPart {
  readonly stem: string;
  /** From 1 on. */
  readonly number: number;
  readonly count: number;
}

/** Which part of a split model a file is by its name; undefined where it is none. */
export function ggufPart(path: string): GgufPart | undefined {
  const [, stem, number, count] = PART.exec(basename(path)) ?? [];
  return stem === undefined ? undefined : { stem, number: Number(number), count: Number(count) };
}

/** The path of another part, from 1 on, of the model that a part is of; on this machine, or with `/` in a repository. */
export function pathOfPart(path: string, { stem, count }: GgufPart, number: number): string {
  return `${path.slice(0, path.length - basename(path).length)}${stem}-${digits(number)}-of-${digits(count)}.gguf`;
}

const digits = (value: number): string => String(value).padStart(5, "0");

/** The names, or paths, of all files of the model that a GGUF file is of by its name, in the order of the parts: of one that is not split its own. */
export function namesOfParts(name: string): string[] {
  const part = ggufPart(name);
  return part === undefined ? [name] : Array.from({ length: part.count }, (_, i) => pathOfPart(name, part, i + 1));
}

/** What other GGUF files stand for among the names of a folder: projectors of pictures (`mmproj`), calibrations (`imatrix`). */
const BESIDE = /(^|[-_.])(mmproj|imatrix)[-_.]/i;

/** The models that the GGUF files of a folder are, of a split one the first part that is there, in the order of the names. */
export function ggufModels(names: Iterable<string>): string[] {
  const models = new Map<string, string>();
  for (const name of [...names].filter((one) => one.endsWith(".gguf") && !BESIDE.test(one)).sort()) {
    const part = ggufPart(name);
    const model = part === undefined ? name : pathOfPart(name, part, 1);
    if (!models.has(model)) models.set(model, name);
  }
  return [...models.values()];
}

/** The names among them that are of the same model as the GGUF file of that name. */
export function partsBeside(name: string, names: readonly string[]): string[] {
  const own = ggufPart(name);
  if (own === undefined) return [name];
  return names.filter((other) => {
    const part = ggufPart(other);
    return part?.stem === own.stem && part.count === own.count;
  });
}
