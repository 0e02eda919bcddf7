import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** What the server is asked for. */
export interface Asked {
  readonly kind: "info" | "list" | "file";
  /** The file's name. */
  readonly file: string;
  /** The first byte that is asked for. */
  readonly from: number;
  readonly authorization: string | undefined;
}

/** How it answers instead of as it should. */
export interface Fault {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  /** Cuts the connection after so many bytes. */
  readonly dropAfter?: number;
  /** Sends so many bytes, and then nothing. */
  readonly stopAfter?: number;
  readonly ignoreRange?: boolean;
  /** Other contents. */
  readonly body?: Buffer;
}

interface ListedFile {
  readonly path: string;
  readonly contents: Buffer;
  /** By the listing. */
  size: number;
  digest: string;
}

/** What a Hub does, on this machine, for one repository; and what no Hub should do. */
export class HubServer {
  readonly commit = "0123456789abcdef0123456789abcdef01234567";
  readonly asked: Asked[] = [];
  /** What came as authorization with requests for other repositories. */
  readonly strangers: (string | undefined)[] = [];
  readonly files = new Map<string, ListedFile>();
  fault: (asked: Asked) => Fault | undefined = () => undefined;
  /** Files on a page of the listing. */
  pageSize = 1000;

  private constructor(
    readonly repository: string,
    readonly endpoint: string,
    private readonly server: Server,
  ) {}

  static async start(repository: string, folder: string): Promise<HubServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const hub = new HubServer(repository, `http://127.0.0.1:${port}`, server);
    for (const path of await readdir(folder)) hub.add(path, await readFile(join(folder, path)));
    server.on("request", (request, response) => hub.answer(request, response));
    return hub;
  }

  add(path: string, contents: Buffer): void {
    const digest = isLarge(path) ? sha256(contents) : gitDigest(contents);
    this.files.set(path, { path, contents, size: contents.length, digest });
  }

  /** Names of the files that were asked for, with the byte from which on. */
  get fetched(): string[] {
    return this.asked
      .filter(({ kind }) => kind === "file")
      .map(({ file, from }) => (from === 0 ? file : `${file} from ${from}`));
  }

  async stop(): Promise<void> {
    if (!this.server.listening) return;
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", this.endpoint);
    const { repository, commit } = this;
    const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const { authorization } = request.headers;
    const ask = (kind: Asked["kind"], file = ""): Fault => {
      const asked = { kind, file, from, authorization };
      this.asked.push(asked);
      return this.fault(asked) ?? {};
    };
    if (url.pathname === `/api/models/${repository}/revision/HEAD`) {
      const info = { _id: "1", id: repository, private: false, gated: false, downloads: 0, likes: 0 };
      sendJson(response, ask("info"), { ...info, sha: commit, lastModified: "2026-01-01T00:00:00.000Z" });
    } else if (url.pathname === `/api/models/${repository}/tree/${commit}`) {
      this.list(url, response, ask("list"));
    } else if (url.pathname.startsWith(`/${repository}/resolve/${commit}/`)) {
      const name = decodeURIComponent(url.pathname.slice(`/${repository}/resolve/${commit}/`.length));
      this.send(response, ask("file", name), this.files.get(name)?.contents, from);
    } else {
      this.strangers.push(authorization);
      sendJson(response, { status: 401, headers: { "X-Error-Code": "RepoNotFound" } }, { error: "Invalid username." });
    }
  }

  private list(url: URL, response: ServerResponse, fault: Fault): void {
    const start = Number(url.searchParams.get("cursor") ?? 0);
    const isListed = ({ path }: ListedFile): boolean =>
      url.searchParams.get("recursive") === "true" || !path.includes("/");
    const all = [...this.files.values()]
      .filter(isListed)
      .map(({ path, size, digest }) =>
        isLarge(path)
          ? { type: "file", path, size, oid: digest.slice(0, 40), lfs: { oid: digest, size, pointerSize: 135 } }
          : { type: "file", path, size, oid: digest },
      );
    const end = start + this.pageSize;
    url.searchParams.set("cursor", String(end));
    const headers: Record<string, string> = end < all.length ? { Link: `<${url.href}>; rel="next"` } : {};
    sendJson(response, { ...fault, headers: { ...headers, ...fault.headers } }, all.slice(start, end));
  }

  private send(response: ServerResponse, fault: Fault, contents: Buffer | undefined, from: number): void {
    if (contents === undefined) return sendJson(response, { status: 404, ...fault }, { error: "Entry not found" });
    if (fault.status !== undefined) return sendJson(response, fault, {});
    const whole = fault.body ?? contents;
    if (from > 0 && !fault.ignoreRange) {
      if (from >= whole.length) {
        response.writeHead(416, { "Content-Range": `bytes */${whole.length}` }).end();
        return;
      }
      response.writeHead(206, {
        "Content-Length": whole.length - from,
        "Content-Range": `bytes ${from}-${whole.length - 1}/${whole.length}`,
      });
    } else {
      response.writeHead(200, { "Content-Length": whole.length, ...fault.headers });
    }
    const rest = whole.subarray(fault.ignoreRange ? 0 : from);
    const limit = fault.dropAfter ?? fault.stopAfter;
    if (limit === undefined) response.end(rest);
    else
      response.write(rest.subarray(0, limit), () => {
        // Later, so that what was sent arrives before the connection is gone.
        if (fault.dropAfter !== undefined) setTimeout(() => response.destroy(), 20);
      });
  }
}

/** What large file storage keeps. */
function isLarge(path: string): boolean {
  return /\.(safetensors|gguf|bin)$/.test(path);
}

function sendJson(response: ServerResponse, { status = 200, headers, body }: Fault, value: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json", ...headers });
  response.end(body ?? JSON.stringify(value));
}

export function sha256(contents: Buffer): string {
  return createHash("sha256").update(contents).digest("hex");
}

function gitDigest(contents: Buffer): string {
  return createHash("sha1").update(`blob ${contents.length}\0`).update(contents).digest("hex");
}
