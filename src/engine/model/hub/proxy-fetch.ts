import { request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP, type Socket } from "node:net";
import { Readable } from "node:stream";
import { connect as connectTls } from "node:tls";
import { ParamscopeError } from "../../errors";
import { elementAt } from "../../numbers/elements";
import { networkCode } from "./errors";
import { type Environment, proxyFor } from "./proxy";

const proxyVariable = /^(https?|all)_proxy$/i;

/**
 * A `fetch` for downloads that goes through the proxies that `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` name: Node's own
 * does so from Node 24 on, and only with NODE_USE_ENV_PROXY=1. It sends headers and no bodies, and follows no redirections. Without a proxy it is Node's own.
 */
export function proxyFetch(environment: Environment): typeof fetch {
  const names = Object.keys(environment).filter((name) => proxyVariable.test(name) && environment[name]);
  if (names.length === 0) return globalThis.fetch;
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const proxy = proxyFor(url, environment);
    if (!proxy) return await globalThis.fetch(url, init);
    return await throughProxy(url, proxy, { headers: new Headers(init?.headers), signal: init?.signal });
  };
}

interface HopInit {
  readonly headers: Headers;
  readonly signal: AbortSignal | null | undefined;
}

async function throughProxy(url: URL, proxy: URL, { headers, signal }: HopInit): Promise<Response> {
  const options = { headers: { ...Object.fromEntries(headers), host: url.host }, agent: false, ...signalOf(signal) };
  if (url.protocol === "https:") {
    const secured = await secure(await tunnel(url, proxy, signal), url.hostname.replace(/^\[|\]$/g, ""));
    return toResponse(await answer(url, { ...options, createConnection: () => secured }));
  }
  const authorized = { ...options, headers: { ...options.headers, ...authorization(proxy) } };
  try {
    return toResponse(await answer(proxy, { ...authorized, path: url.href }));
  } catch (error) {
    throw proxyFailure(proxy, error, signal);
  }
}

/** A connection to the host of `url`, by the proxy's CONNECT. */
async function tunnel(url: URL, proxy: URL, signal: HopInit["signal"]): Promise<Socket> {
  const authority = `${url.hostname}:${url.port === "" ? "443" : url.port}`;
  const options = { method: "CONNECT", path: authority, agent: false, ...signalOf(signal) };
  const headers = { host: authority, ...authorization(proxy) };
  try {
    return await new Promise<Socket>((resolve, reject) => {
      requestOf(proxy)(addressOf(proxy, { ...options, headers }))
        .once("connect", ({ statusCode = 0 }, socket) => {
          if (statusCode === 200) return resolve(socket);
          socket.destroy();
          reject(refusal(proxy, statusCode));
        })
        .once("response", ({ statusCode = 0 }) => reject(refusal(proxy, statusCode)))
        .once("error", reject)
        .end();
    });
  } catch (error) {
    throw proxyFailure(proxy, error, signal);
  }
}

/** TLS over a tunnel; its certificate is checked as always. */
async function secure(socket: Socket, host: string): Promise<Socket> {
  return await new Promise((resolve, reject) => {
    // Certificates name hosts; an address is none.
    const secured = connectTls({ socket, host, ...(isIP(host) === 0 ? { servername: host } : {}) });
    secured.once("error", reject).once("secureConnect", () => {
      secured.off("error", reject);
      resolve(secured);
    });
  });
}

async function answer(address: URL, options: RequestOptions): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    requestOf(address)(addressOf(address, options)).once("response", resolve).once("error", reject).end();
  });
}

function requestOf({ protocol, host }: URL): typeof httpRequest {
  if (protocol === "http:") return httpRequest;
  if (protocol === "https:") return httpsRequest;
  throw new ParamscopeError(
    `The proxy ${host} is of the kind ${protocol.slice(0, -1)}, which is not supported.`,
    "Set HTTPS_PROXY to a proxy that starts with http:// or https://.",
  );
}

function addressOf({ hostname, port, protocol, pathname, search }: URL, options: RequestOptions): RequestOptions {
  const host = hostname.replace(/^\[|\]$/g, "");
  return { protocol, host, port: port === "" ? undefined : port, path: pathname + search, ...options };
}

function signalOf(signal: HopInit["signal"]): { signal?: AbortSignal } {
  return signal ? { signal } : {};
}

function authorization({ username, password }: URL): Record<string, string> {
  if (username === "") return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(pair).toString("base64")}` };
}

function toResponse(message: IncomingMessage): Response {
  const status = message.statusCode ?? 502;
  const headers = new Headers();
  for (let at = 0; at < message.rawHeaders.length; at += 2) {
    headers.append(elementAt(message.rawHeaders, at), elementAt(message.rawHeaders, at + 1));
  }
  if (status === 407) throw refusal(undefined, status);
  return new Response(Readable.toWeb(message) as ReadableStream<Uint8Array>, { status, headers });
}

function refusal(proxy: URL | undefined, status: number): ParamscopeError {
  const name = proxy === undefined ? "The proxy" : `The proxy ${proxy.host}`;
  return status === 407
    ? new ParamscopeError(
        `${name} wants a user name and a password.`,
        "Put them into HTTPS_PROXY: http://USER:PASSWORD@HOST:PORT.",
      )
    : new ParamscopeError(`${name} answered with status ${status}.`, "Check HTTPS_PROXY, or ask who runs the proxy.");
}

function proxyFailure(proxy: URL, error: unknown, signal: HopInit["signal"]): unknown {
  if (error instanceof ParamscopeError || signal?.aborted) return error;
  return new ParamscopeError(
    `The proxy ${proxy.host} cannot be reached (${networkCode(error)}).`,
    "Check HTTPS_PROXY and HTTP_PROXY.",
    { cause: error },
  );
}
