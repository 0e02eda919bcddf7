import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { request } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { downloadModel, proxyFetch } from "../../../../src/engine/model/hub";
import { proxyFor } from "../../../../src/engine/model/hub/proxy";
import { openModel } from "../../../../src/engine/model/model";
import { failureOf } from "../../support/errors";
import { fixturePath } from "../../support/reference";
import { HubServer } from "./hub-server";

describe("which proxy", () => {
  const environment = { HTTPS_PROXY: "http://secure:1", http_proxy: "plain:2", NO_PROXY: ".local,10.0.0.1 host:8080" };

  test.each([
    ["https://huggingface.co/a", "http://secure:1/"],
    ["http://huggingface.co/a", "http://plain:2/"],
    ["https://hub.local", undefined],
    ["https://local", undefined],
    ["https://notlocal", "http://secure:1/"],
    ["http://10.0.0.1:5000", undefined],
    ["http://host:8080", undefined],
    ["http://host", "http://plain:2/"],
  ])("%s: %s", (url, proxy) => {
    expect(proxyFor(new URL(url), environment)?.href).toBe(proxy);
  });

  test("of all kinds, and none", () => {
    const url = new URL("https://huggingface.co");
    expect(proxyFor(url, { ALL_PROXY: "http://all:3" })?.host).toBe("all:3");
    expect(proxyFor(url, { https_proxy: "", HTTPS_PROXY: "http://x" })).toBeUndefined();
    expect(proxyFor(url, { HTTPS_PROXY: "http://x", NO_PROXY: "*" })).toBeUndefined();
    expect(proxyFor(new URL("http://[::1]:80"), { http_proxy: "http://x", no_proxy: "[::1]:80" })).toBeUndefined();
  });
});

describe("through a proxy", () => {
  let hub: HubServer;
  let proxy: Server;
  let folder = "";
  let address = "";
  let asked: string[] = [];
  let answerAs: number | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "paramscope-hub-"));
    hub = await HubServer.start("owner/tiny-llama", fixturePath("llama"));
    asked = [];
    answerAs = undefined;
    proxy = createServer((incoming: IncomingMessage, response) => {
      asked.push(`${incoming.method} ${incoming.headers["proxy-authorization"] ?? "-"}`);
      if (answerAs !== undefined) return void response.writeHead(answerAs).end();
      const headers = { ...incoming.headers };
      delete headers["proxy-authorization"];
      request(incoming.url ?? "", { headers, agent: false }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.on("error", () => response.destroy()).pipe(response);
      }).end();
    });
    proxy.on("connect", (incoming: IncomingMessage, socket, head) => {
      asked.push(`CONNECT ${incoming.url}`);
      if (answerAs !== undefined) return void socket.end(`HTTP/1.1 ${answerAs} No\r\n\r\n`);
      const { hostname, port } = new URL(`http://${incoming.url}`);
      const onwards = connect(Number(port), hostname, () => {
        socket.write("HTTP/1.1 200 Connected\r\n\r\n");
        onwards.write(head);
        socket.pipe(onwards).pipe(socket);
      });
      onwards.on("error", () => socket.destroy());
      socket.on("error", () => onwards.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    address = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    await hub.stop();
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
    await rm(folder, { recursive: true });
  });

  const download = (environment: Record<string, string>, endpoint = hub.endpoint) =>
    downloadModel("owner/tiny-llama", {
      folder,
      endpoint,
      token: "hf_x",
      fetch: proxyFetch(environment),
      signal: new AbortController().signal,
      retry: { attempts: 2, delay: () => 1, patience: 60_000 },
    });

  test("a whole download, with the proxy's user and password", async () => {
    let drops = 1;
    hub.fault = ({ file }) => (file === "model.safetensors" && drops-- > 0 ? { dropAfter: 100_000 } : undefined);
    const model = await download({ HTTP_PROXY: `http://me:p%40ss@${address}` });
    await (await openModel(model.path)).close();
    expect(new Set(asked)).toEqual(new Set([`GET Basic ${Buffer.from("me:p@ss").toString("base64")}`]));
    expect(asked.length).toBe(hub.asked.length);
    expect(hub.fetched.at(-1)).toMatch(/^model\.safetensors from \d+$/);
  });

  test("NO_PROXY goes past it", async () => {
    await download({ HTTP_PROXY: `http://${address}`, NO_PROXY: "127.0.0.1" });
    expect(asked).toEqual([]);
  });

  test("without a proxy it is Node's own fetch", () => {
    expect(proxyFetch({ NO_PROXY: "x", HTTPS_PROXY: "" })).toBe(globalThis.fetch);
  });

  test("https goes through a tunnel; what is at its end must speak TLS", async () => {
    const endpoint = hub.endpoint.replace("http:", "https:");
    const line = await failureOf(() => download({ HTTPS_PROXY: `http://${address}` }, endpoint));
    expect(line).toMatch(/^https:.* cannot be reached \(|certificate/);
    expect(asked[0]).toBe(`CONNECT ${new URL(hub.endpoint).host}`);
  });

  test.each([
    [407, "wants a user name and a password. Put them into HTTPS_PROXY: http://USER:PASSWORD@HOST:PORT."],
    [502, "answered with status 502. Check HTTPS_PROXY, or ask who runs the proxy."],
  ])("a tunnel refused with %i", async (status, line) => {
    answerAs = status;
    const failure = failureOf(() => download({ HTTPS_PROXY: `http://${address}` }, "https://hub.invalid"));
    expect(await failure).toBe(`The proxy ${address} ${line}`);
  });

  test("a proxy that is not there, or of another kind", async () => {
    const gone = await failureOf(() => download({ http_proxy: "http://me:secret@127.0.0.1:1" }));
    expect(gone).toBe("The proxy 127.0.0.1:1 cannot be reached (ECONNREFUSED). Check HTTPS_PROXY and HTTP_PROXY.");
    expect(await failureOf(() => download({ ALL_PROXY: "socks5://127.0.0.1:1" }))).toMatch(
      "is of the kind socks5, which is not supported",
    );
  });
});
