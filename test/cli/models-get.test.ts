import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { HubServer } from "../engine/model/hub/hub-server";
import { fixturePath } from "../engine/support/reference";
import { type Outcome, paramscope } from "./session";

const id = "owner/tiny-llama";
let hub: HubServer;
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-get-"));
  hub = await HubServer.start(id, fixturePath("llama"));
});

afterEach(async () => {
  await hub.stop();
  await rm(folder, { recursive: true });
});

async function run(
  args: string[],
  env: Record<string, string> = {},
  signal?: Promise<NodeJS.Signals>,
): Promise<Outcome> {
  const proxies = { HTTP_PROXY: "", http_proxy: "", ALL_PROXY: "", all_proxy: "", HF_TOKEN: "" };
  const all = { ...proxies, PARAMSCOPE_MODELS: folder, HF_ENDPOINT: hub.endpoint, ...env };
  const { code, stdout, stderr } = await paramscope(args, { env: all, signal });
  const plain = (text: string): string => text.replaceAll(folder, "FOLDER").replaceAll(hub.endpoint, "HUB");
  return { code, stdout: plain(stdout), stderr: plain(stderr) };
}

test("downloads a model that can then be used by its id", async () => {
  expect(await run(["models", "get", id])).toEqual({
    code: 0,
    stdout: `Downloaded ${id} (1.33 MB) to FOLDER/owner/tiny-llama\nTry: paramscope analyze FILE --model ${id}\n`,
    stderr: "",
  });
  const analysis = await run(["analyze", "--text", "The cat sat.", "--model", id, "--json"]);
  expect([analysis.code, analysis.stderr]).toEqual([0, ""]);
  expect(JSON.parse(analysis.stdout)).toMatchObject({ model: { name: "tiny-llama", architecture: "llama" } });
  const again = await run(["models", "get", id]);
  expect(again.stdout).toMatch(`${id} is there already: FOLDER/owner/tiny-llama\n`);
  expect((await run(["models"])).stdout).toMatch(/owner\/tiny-llama +llama/);
  expect((await run(["models", "remove", id, "--yes"])).code).toBe(0);
  expect(await readdir(folder)).toEqual(["owner"]);
});

test.skipIf(process.platform === "win32")("Ctrl-C ends it with 130, and it goes on from there", async () => {
  hub.fault = ({ file }) => (file === "model.safetensors" ? { stopAfter: 500_000 } : undefined);
  const partial = join(folder, ".partial/owner--tiny-llama/model.safetensors.partial");
  const came = async (): Promise<NodeJS.Signals> => {
    while ((await stat(partial).catch(() => undefined))?.size !== 500_000) await setTimeout(10);
    return "SIGINT";
  };
  expect(await run(["models", "get", id], {}, came())).toEqual({
    code: 130,
    stdout: "",
    stderr: `paramscope: Stopped by you. What has come so far is kept: \`paramscope models get ${id}\` goes on from there.\n`,
  });
  expect((await run(["models"])).stdout).toMatch(
    /owner\/tiny-llama +522 kB +not whole: `paramscope models get owner\/tiny-llama` goes on\n/,
  );
  hub.fault = () => undefined;
  expect((await run(["models", "get", id])).code).toBe(0);
  expect(hub.fetched.at(-1)).toBe("model.safetensors from 500000");
});

test("what an interrupted download left can be removed", async () => {
  hub.fault = ({ file }) => (file === "model.safetensors" ? { status: 404 } : undefined);
  const { code, stderr } = await run(["models", "get", id]);
  expect([code, stderr]).toEqual([
    1,
    "paramscope: owner/tiny-llama has no file model.safetensors. HUB/owner/tiny-llama/tree/main lists its files; it may just have been changed: try again.\n",
  ]);
  expect((await run(["models", "remove", id, "--yes"])).stdout).toBe("Deleted owner/tiny-llama (22.4 kB).\n");
  expect(await readdir(folder)).toEqual([]);
});

test("HF_TOKEN is sent, and never shown", async () => {
  hub.fault = ({ authorization }) => (authorization === "Bearer hf_secret" ? undefined : { status: 401 });
  const refused = await run(["models", "get", id], { HF_TOKEN: "hf_other" });
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/^paramscope: Your token may not read/)]);
  expect(refused.stderr).not.toContain("hf_other");
  expect((await run(["models", "get", id], { HF_TOKEN: "hf_secret" })).code).toBe(0);
});

test("offline", async () => {
  await hub.stop();
  const { code, stderr } = await run(["models", "get", id]);
  expect([code, stderr]).toEqual([
    1,
    "paramscope: HUB cannot be reached (ECONNREFUSED). Check the connection, and HTTPS_PROXY if your network needs a proxy. " +
      "Without a connection, copy config.json, tokenizer.json, tokenizer_config.json and all .safetensors files of the model " +
      "(with their .index.json) from another machine to FOLDER/owner/tiny-llama.\n",
  ]);
  expect(await readdir(folder)).toEqual([]);
});

test("lists what can be downloaded", async () => {
  expect((await run(["models", "--available"])).stdout).toMatchInlineSnapshot(`
    "id                                   parameters  download  licence
    HuggingFaceTB/SmolLM2-135M                 135M   ~271 MB  Apache-2.0
    HuggingFaceTB/SmolLM2-135M-Instruct        135M   ~271 MB  Apache-2.0
    EleutherAI/pythia-160m                     162M   ~377 MB  Apache-2.0
    openai-community/gpt2                      124M   ~550 MB  MIT
    HuggingFaceTB/SmolLM2-360M                 362M   ~726 MB  Apache-2.0
    EleutherAI/pythia-410m                     405M   ~913 MB  Apache-2.0
    Qwen/Qwen2.5-0.5B                          494M   ~995 MB  Apache-2.0
    Qwen/Qwen3-0.6B                            596M  ~1.51 GB  Apache-2.0
    google/gemma-3-1b-pt                         1B  ~2.03 GB  Gemma       gated: needs a token
    meta-llama/Llama-3.2-1B                   1.24B  ~2.48 GB  Llama 3.2   gated: needs a token
    allenai/OLMo-2-0425-1B-Instruct           1.48B  ~2.98 GB  Apache-2.0

    \`paramscope models get ID\` downloads one of these, or any other repository of the Hugging Face Hub that holds
    safetensors or GGUF files of a supported architecture. Sizes are approximate.
    "
  `);
});
