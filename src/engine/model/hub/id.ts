import { ParamscopeError } from "../../errors";
import { quote } from "../formats/quote";

/** What is downloaded: a repository's model folder, or one GGUF file of a repository. */
export interface ModelId {
  /** `owner/name` */
  readonly repository: string;
  readonly owner: string;
  readonly name: string;
  /** A `.gguf` file at the top of the repository, or with a `/` in a folder there; of a split one any part. */
  readonly file: string | undefined;
}

/** The Hub's own rule: letters, digits, `-`, `_`, `.`, at most 96; no `..` and no `--`. It also keeps paths inside a folder. */
const part = /^(?!.*(\.\.|--))[A-Za-z0-9](?:[\w.-]{0,94}[\w-])?$/;
const ggufFile = /^(?!.*\.\.)(?:[A-Za-z0-9][\w.+-]{0,200}\/)?[A-Za-z0-9][\w.+-]{0,200}\.gguf$/;

/** Names that Windows keeps for devices, whatever comes behind a dot: a file of that name could not be written there, or would be a port. */
const device = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Whether a file or folder may have that name on every system. */
export function isReserved(name: string): boolean {
  return device.test(name) || /[. ]$/.test(name);
}

/**
 * Reads `owner/name`, `owner/name:file.gguf` or `owner/name:folder/file.gguf`; the address of a model's page on huggingface.co is understood too.
 * @throws ParamscopeError when it is neither.
 */
export function parseModelId(text: string): ModelId {
  const id = text.trim().replace(/^https:\/\/huggingface\.co\//, "");
  const [repository = "", file, ...rest] = id.split(":");
  const [owner = "", name, ...deeper] = repository.split("/");
  if (name === undefined || deeper.length > 0 || rest.length > 0 || !isPart(owner) || !isPart(name)) {
    throw new ParamscopeError(
      `${quote(text)} is no id of a model on the Hugging Face Hub.`,
      "Write owner/name, such as HuggingFaceTB/SmolLM2-135M, or owner/name:file.gguf.",
    );
  }
  if (file !== undefined && (!ggufFile.test(file) || file.split("/").some(isReserved))) {
    throw new ParamscopeError(
      `${quote(file)} is no name of a GGUF file.`,
      "Write owner/name:file.gguf or owner/name:folder/file.gguf.",
    );
  }
  return { repository, owner, name, file };
}

const isPart = (name: string): boolean => part.test(name) && !isReserved(name);

/** A model's id as the user writes it: `owner/name`, `owner/name:file.gguf` or `owner/name:folder/file.gguf`. */
export function formatModelId({ repository, file }: ModelId): string {
  return file === undefined ? repository : `${repository}:${file}`;
}
