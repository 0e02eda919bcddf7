import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import type { DownloadProgress } from "../../src/engine/model/hub/progress";
import type { ScoringClient } from "../../src/wire/client";
import { ScoringProcessError } from "../../src/wire/errors";
import type { DownloadParams } from "../../src/wire/protocol";
import { HubServer } from "../engine/model/hub/hub-server";
import { fixturePath } from "../engine/support/reference";
import { startClient } from "./support";

/* What is asked of the scoring process; test/engine/model/hub tests downloads themselves. */

const id = "owner/tiny-llama";
const weights = "model.safetensors";

let hub: HubServer;
let folder: string;
let scoring: ScoringClient;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-download-"));
  hub = await HubServer.start(id, fixturePath("llama"));
  scoring = startClient().client;
});

afterEach(async () => {
  scoring.dispose();
  await hub.stop();
  await rm(folder, { recursive: true });
});

function download(
  params: Partial<DownloadParams> = {},
  onProgress: (progress: DownloadProgress) => void = () => undefined,
  signal?: AbortSignal,
) {
  return scoring.download({ id, folder, endpoint: hub.endpoint, proxies: {}, ...params }, onProgress, signal);
}

async function failure(promise: Promise<unknown>): Promise<ScoringProcessError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ScoringProcessError) return error;
  throw new Error("it did not fail with a ScoringProcessError", { cause: error });
}

test("a model is downloaded, with progress up to its end, and can be opened", async () => {
  const reports: DownloadProgress[] = [];
  const { path, bytes, wasThere } = await download({}, (progress) => reports.push(progress));
  expect([path, wasThere]).toEqual([join(folder, "owner", "tiny-llama"), false]);
  expect(reports.at(-1)).toMatchObject({ phase: "downloading", done: bytes, total: bytes });
  expect(await scoring.describeModel(path)).toMatchObject({ architecture: "llama" });
});

test("what was cancelled goes on from where it was, and the process lives", async () => {
  hub.fault = ({ file }) => (file === weights ? { stopAfter: 500_000 } : undefined);
  const controller = new AbortController();
  const begun = failure(download({}, () => undefined, controller.signal));
  const partial = join(folder, ".partial/owner--tiny-llama", `${weights}.partial`);
  await expect.poll(async () => (await stat(partial).catch(() => undefined))?.size, { timeout: 30_000 }).toBe(500_000);
  const { pid } = scoring;
  controller.abort();
  expect((await begun).kind).toBe("cancelled");
  hub.fault = () => undefined;
  hub.asked.length = 0;
  await download();
  expect(hub.fetched).toEqual([`${weights} from 500000`]);
  expect(scoring.pid).toBe(pid);
});

test("wrong bytes are an error that says so, and nothing stays", async () => {
  const wrong = Buffer.from(hub.files.get(weights)?.contents ?? []);
  wrong[1000] ^= 1;
  hub.fault = ({ file }) => (file === weights ? { body: wrong } : undefined);
  const error = await failure(download());
  expect(error).toMatchObject({ kind: "user" });
  expect(error.message).toContain("its checksum is wrong");
  await expect(stat(join(folder, "owner"))).rejects.toThrow("ENOENT");
});

test("the token goes to the endpoint and to no other host", async () => {
  const store = await HubServer.start(id, fixturePath("llama"));
  try {
    const location = `${store.endpoint}/${id}/resolve/${store.commit}/${weights}`;
    hub.fault = ({ file }) => (file === weights ? { status: 302, headers: { Location: location } } : undefined);
    await download({ token: "hf_x" });
    expect(new Set(hub.asked.map(({ authorization }) => authorization))).toEqual(new Set(["Bearer hf_x"]));
    expect(store.asked.map(({ authorization }) => authorization)).toEqual([undefined]);
  } finally {
    await store.stop();
  }
});

test("a gated model asks for a token", async () => {
  hub.fault = () => ({ status: 403, headers: { "X-Error-Code": "GatedRepo" } });
  expect((await failure(download())).kind).toBe("token");
});

test("the editor's proxy is used", async () => {
  const error = await failure(download({ endpoint: "http://hub.test", proxies: { http_proxy: "http://127.0.0.1:9" } }));
  expect(error.message).toContain("The proxy 127.0.0.1:9 cannot be reached");
});
