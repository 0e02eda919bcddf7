import { formatBytes } from "../../numbers/bytes";
import { ParamscopeError } from "../../errors";
import { Transient } from "./retry";

/* What can go wrong with a download, in words for the person who asked for it. */

/** Who asked for what, for the messages. */
export interface DownloadRequest {
  /** `owner/name` */
  readonly repository: string;
  readonly endpoint: string;
  readonly hasToken: boolean;
  /** Where the model would be. */
  readonly target: string;
}

/** The model may not be read, or not without a token, or not with this one. */
export class TokenNeededError extends ParamscopeError {}

/** An answer that is none. `code` is the Hub's own X-Error-Code. */
export function refused(status: number, code: string | null, request: DownloadRequest, file?: string): ParamscopeError {
  const { repository, endpoint, hasToken } = request;
  const page = `${endpoint}/${repository}`;
  // The Hub answers 401 for what does not exist, so that nobody learns which private models do.
  if (code === "RepoNotFound" || (status === 404 && file === undefined)) {
    return new TokenNeededError(
      `There is no model ${repository} at ${endpoint}${hasToken ? "" : ", or it is private"}.`,
      hasToken
        ? "Check the id, and that your token may see it."
        : "Check the id; for a private model set HF_TOKEN to a token that may read it.",
    );
  }
  if (status === 404) {
    return new ParamscopeError(
      `${repository} has no file ${file}.`,
      `${page}/tree/main lists its files; it may just have been changed: try again.`,
    );
  }
  if (status === 401 || status === 403) {
    return hasToken
      ? new TokenNeededError(
          `Your token may not read ${repository}.`,
          `Accept the licence on ${page} with the token's account, and give the token the right to read gated models.`,
        )
      : new TokenNeededError(
          `${repository} is gated: it can be downloaded only with a token, by those who accepted its licence.`,
          `Accept the licence on ${page}, then set HF_TOKEN to a token of your account.`,
        );
  }
  return new ParamscopeError(`${endpoint} answered with status ${status}.`, "Try again later.");
}

/** Try after try failed. */
export function gaveUp(cause: Error, { endpoint }: DownloadRequest, resumable: boolean): ParamscopeError {
  return new ParamscopeError(
    `The download from ${endpoint} failed several times in a row (${cause.message}).`,
    resumable
      ? "Try again later: what has come so far is kept, and the download goes on from there."
      : "Try again later.",
    { cause },
  );
}

const certificate = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|ERR_TLS/;

/** There is no way to the Hub. `proxy` is what the environment says of one. */
export function unreachable(cause: unknown, request: DownloadRequest): ParamscopeError {
  const { endpoint, target } = request;
  const code = networkCode(cause);
  if (certificate.test(code)) {
    return new ParamscopeError(
      `The certificate of ${endpoint} is not trusted (${code}).`,
      "If your network inspects traffic, set NODE_EXTRA_CA_CERTS to the file with its certificate.",
      { cause },
    );
  }
  return new ParamscopeError(
    `${endpoint} cannot be reached (${code}).`,
    "Check the connection, and HTTPS_PROXY if your network needs a proxy. Without a connection, copy config.json, " +
      "tokenizer.json, tokenizer_config.json and all .safetensors files of the model (with their .index.json) " +
      `from another machine to ${target}.`,
    { cause },
  );
}

/** A connection that broke. */
export function lost(error: unknown): Transient {
  const code = networkCode(error);
  const message = /^(UND_ERR_SOCKET|ECONNRESET|EPIPE)$/.test(code) ? "the connection broke" : code;
  return new Transient(message, undefined, { cause: error });
}

/** The code of what fetch hides in the causes of its errors: `ENOTFOUND`; else the innermost message. */
export function networkCode(error: unknown): string {
  for (let cause = error, depth = 0; depth < 8; depth++) {
    if (!(cause instanceof Error)) break;
    if ("code" in cause && typeof cause.code === "string") return cause.code;
    if (cause instanceof AggregateError && cause.errors.length > 0) cause = cause.errors[0];
    else if (cause.cause === undefined) return cause.message;
    else cause = cause.cause;
  }
  return "no connection";
}

/** The error for a file that has not the size that the repository says, in bytes. */
export function wrongSize(file: string, promised: number, actual: number | undefined): ParamscopeError {
  const sent = actual === undefined ? "more than that" : `${actual.toLocaleString("en-US")}`;
  return new ParamscopeError(
    `${file} should have ${promised.toLocaleString("en-US")} bytes by the repository's listing, and the server sends ${sent}.`,
    "Try again later; behind a mirror or a proxy, try without it.",
  );
}

/** The error for a file whose contents have not the checksum that the repository says. */
export function wrongChecksum(file: string): ParamscopeError {
  return new ParamscopeError(
    `${file} arrived with other contents than the repository promises: its checksum is wrong, and it was deleted.`,
    "Download it again; behind a mirror or a proxy, try without it.",
  );
}

/** The error for a file that nothing would show to be damaged, or another. */
export function noChecksum(file: string): ParamscopeError {
  return new ParamscopeError(
    `The server gives no checksum of ${file}, so that nobody could say whether it arrives as it is meant to be.`,
    "Download it from another server, or by other means into a folder of your own.",
  );
}

/** The error for a disk with fewer free bytes than are needed. */
export function noRoom(folder: string, needed: number, free: number): ParamscopeError {
  return new ParamscopeError(
    `The download needs ${formatBytes(needed)}, and the disk of ${folder} has ${formatBytes(free)} free.`,
    "Make room, or choose a models folder on another disk (PARAMSCOPE_MODELS).",
  );
}

/** What the operating system said when something was written. */
export function writeError(path: string, cause: unknown): ParamscopeError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return new ParamscopeError(
        `The disk became full while ${path} was written.`,
        "Make room and start the download again: it goes on from there.",
        { cause },
      );
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new ParamscopeError(
        `${path} may not be written.`,
        "Check the permissions of the models folder, or choose another one (PARAMSCOPE_MODELS).",
        { cause },
      );
    default:
      return new ParamscopeError(
        `${path} cannot be written (${code}).`,
        "Check the disk, or choose another models folder (PARAMSCOPE_MODELS).",
        { cause },
      );
  }
}
