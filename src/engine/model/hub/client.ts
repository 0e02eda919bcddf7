import { listFiles, modelInfo } from "@huggingface/hub";
import * as z from "zod";
import { ParamscopeError } from "../../errors";
import { gaveUp, lost, networkCode, refused, type DownloadRequest, unreachable } from "./errors";
import { type RetryPolicy, retrying, Transient } from "./retry";
import { largestAnswer, mostFiles, mostPages } from "./limits";
import { followed } from "./redirections";

/** A file as the repository's listing describes it. */
export interface RemoteFile {
  readonly path: string;
  readonly size: number;
  /** SHA-256 of a file in large file storage; of any other one git's own checksum. */
  readonly digest: { readonly kind: "sha256" | "git"; readonly hex: string } | undefined;
}

interface ClientOptions extends DownloadRequest {
  readonly token: string | undefined;
  readonly signal: AbortSignal;
  readonly fetch: typeof fetch;
  readonly retry: RetryPolicy;
}

const size = z.int().min(0);
const listed = z.object({
  type: z.string(),
  path: z.string(),
  size,
  oid: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .optional(),
  lfs: z.object({ oid: z.string().regex(/^[0-9a-f]{64}$/), size }).optional(),
});

/** One repository on a Hugging Face Hub. */
export class HubClient {
  /** Whether it ever answered: a way that was there will be there again. */
  #reached = false;

  constructor(readonly options: ClientOptions) {}

  /** The commit that `main` is at. All else is asked for by it, so that files of two versions never mix. */
  async commit(): Promise<string> {
    const { repository, endpoint } = this.options;
    const info = await this.#ask(() =>
      modelInfo({ name: repository, hubUrl: endpoint, additionalFields: ["sha"], fetch: this.#api }),
    );
    if (/^[0-9a-f]{40}$/.test(info.sha)) return info.sha;
    throw this.#notAHub();
  }

  /** The files at the top of the repository, or all of them. */
  async list(revision: string, recursive: boolean): Promise<RemoteFile[]> {
    const { repository, endpoint } = this.options;
    return await this.#ask(async () => {
      const files: RemoteFile[] = [];
      let pages = 0;
      const ask: typeof fetch = async (input, init) => {
        if (++pages > mostPages) throw endless(repository);
        return await this.#api(input, init);
      };
      const params = { repo: repository, revision, recursive, hubUrl: endpoint, fetch: ask };
      for await (const entry of listFiles(params)) {
        const { type, path, size, oid, lfs } = listed.parse(entry);
        if (files.length === mostFiles) throw endless(repository);
        const git = oid === undefined ? undefined : ({ kind: "git", hex: oid } as const);
        const digest = lfs === undefined ? git : ({ kind: "sha256", hex: lfs.oid } as const);
        if (type === "file") files.push({ path, size: lfs?.size ?? size, digest });
      }
      return files;
    });
  }

  /** Starts to read a file from byte `from` on. A server may give all of it instead. */
  async read(path: string, revision: string, from: number, signal: AbortSignal): Promise<Response> {
    const { repository, endpoint } = this.options;
    const headers = new Headers({ "accept-encoding": "identity" });
    if (from > 0) headers.set("range", `bytes=${from}-`);
    const url = `${endpoint}/${repository}/resolve/${revision}/${path.split("/").map(encodeURIComponent).join("/")}`;
    const response = await this.#send(url, { headers, signal });
    if (response.ok || response.status === 416) return response;
    throw await this.#failure(response, path);
  }

  /** The first bytes of a file, at most `length`. */
  async head(path: string, revision: string, length: number): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    await this.persist(async () => {
      // What lies beyond is not read: leaving the loop ends the transfer.
      const response = await this.read(path, revision, 0, this.options.signal);
      chunks.length = bytes = 0;
      await this.#whileConnected(async () => {
        for await (const chunk of bodyOf(response)) {
          chunks.push(chunk);
          bytes += chunk.length;
          if (bytes >= length) break;
        }
      });
    }, false);
    return Buffer.concat(chunks).subarray(0, length);
  }

  /** Does what needs several tries, and says in the end that they were in vain. */
  async persist<T>(work: () => Promise<T>, resumable: boolean, gained?: () => boolean): Promise<T> {
    const { signal, retry } = this.options;
    try {
      return await retrying(work, retry, signal, gained);
    } catch (error) {
      throw error instanceof Transient ? gaveUp(error, this.options, resumable) : error;
    }
  }

  /** A conversation with the Hub's interface for programs, whose answers are checked. */
  async #ask<T>(work: () => Promise<T>): Promise<T> {
    return await this.persist(async () => {
      try {
        return await work();
      } catch (error) {
        // Neither JSON nor what was agreed: a login page of a network, or something else altogether.
        if (error instanceof SyntaxError || error instanceof z.ZodError) throw this.#notAHub(error);
        throw error;
      }
    }, false);
  }

  /** `fetch` for @huggingface/hub: refuses what the Hub has no reason to do, and turns failures into our errors. */
  readonly #api: typeof fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const { endpoint, signal, retry } = this.options;
    // A listing says itself where it goes on. The token goes there too.
    if (url.origin !== new URL(endpoint).origin) throw this.#notAHub();
    const patient = AbortSignal.any([signal, AbortSignal.timeout(retry.patience)]);
    const response = await this.#send(url, { ...init, signal: patient });
    if (!response.ok) throw await this.#failure(response);
    const { status, headers } = response;
    return new Response(await this.#answer(response), { status, headers });
  };

  async #answer(response: Response): Promise<Blob> {
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let bytes = 0;
    await this.#whileConnected(async () => {
      for await (const chunk of bodyOf(response)) {
        bytes += chunk.length;
        if (bytes > largestAnswer) throw this.#notAHub();
        chunks.push(chunk);
      }
    });
    return new Blob(chunks);
  }

  /** Reads from a connection, which may break. */
  async #whileConnected(read: () => Promise<void>): Promise<void> {
    try {
      await read();
    } catch (error) {
      this.options.signal.throwIfAborted();
      if (error instanceof ParamscopeError) throw error;
      throw lost(error);
    }
  }

  async #send(url: string | URL, init: RequestInit): Promise<Response> {
    const { token, signal } = this.options;
    const headers = new Headers(init.headers);
    headers.set("user-agent", "paramscope");
    if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
    try {
      const response = await followed(this.options.fetch, new URL(url), { headers, signal: init.signal });
      this.#reached = true;
      return response;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ParamscopeError) throw error;
      if (this.#reached || broken.test(networkCode(error))) throw lost(error);
      throw unreachable(error, this.options);
    }
  }

  async #failure(response: Response, file?: string): Promise<Error> {
    await response.body?.cancel();
    const { status, headers } = response;
    if (status === 408 || status === 429 || status >= 500) {
      const seconds = Number(headers.get("retry-after"));
      return new Transient(`status ${status}`, Number.isFinite(seconds) ? 1000 * seconds : undefined);
    }
    return refused(status, headers.get("x-error-code"), this.options, file);
  }

  #notAHub(cause?: unknown): ParamscopeError {
    const { endpoint } = this.options;
    return new ParamscopeError(
      `${endpoint} does not answer as a Hugging Face Hub does.`,
      "Check HF_ENDPOINT, and that no login page of your network is in between.",
      { cause },
    );
  }
}

function endless(repository: string): ParamscopeError {
  return new ParamscopeError(
    `${repository} lists more than ${mostFiles} files, or on more than ${mostPages} pages.`,
    "Use another repository.",
  );
}

/** What comes, as it comes. */
export function bodyOf({ body }: Response): AsyncIterable<Uint8Array<ArrayBuffer>> {
  return (body ?? new Blob([]).stream()) as ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** A connection that was there and broke, rather than one that never was. */
const broken = /^(ECONNRESET|EPIPE|ETIMEDOUT|EAI_AGAIN|UND_ERR_.*)$/;
