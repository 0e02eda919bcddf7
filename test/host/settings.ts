import assert from "node:assert/strict";

import { after, afterEach, describe, it } from "mocha";
import * as vscode from "vscode";

import { HubAccess } from "../../src/editor/hub-access";
import { ModelMissingError, Models } from "../../src/editor/models";
import { idleSeconds, runSettings, setting } from "../../src/editor/settings";
import { ParamscopeError } from "../../src/engine/errors";
import { contextOf } from "./context";

interface Manifest {
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
  readonly contributes: { readonly configuration: { readonly properties: Record<string, { readonly scope: string }> } };
}

const { Global, Workspace } = vscode.ConfigurationTarget;
const settings = (section = "paramscope") => vscode.workspace.getConfiguration(section);
const changed = new Set<string>();

async function set(name: string, value: unknown): Promise<void> {
  changed.add(name);
  await settings().update(name, value, Global);
}

async function reset(): Promise<void> {
  for (const name of changed) await settings().update(name, undefined, Global);
  changed.clear();
}

function manifest(): Manifest {
  const extension = vscode.extensions.getExtension("paramscope.paramscope");
  if (!extension) throw new Error("the extension is not there");
  return extension.packageJSON as Manifest;
}

describe("settings", () => {
  afterEach(reset);

  it("that nobody changed are the defaults", () => {
    assert.deepEqual(runSettings(), {
      target: "spread",
      threshold: { mode: "share", share: 0.1 },
      window: 512,
      maxSamples: 64,
      chat: false,
      typicalText: "automatic",
      memory: undefined,
      threads: undefined,
      runtime: undefined,
      provider: "cpu",
      tensorflowFolder: undefined,
    });
    assert.equal(idleSeconds(), 600);
    assert.equal(setting("decorations"), false);
  });

  it("take effect with the next run, without a reload", async () => {
    await set("target", "loss");
    await set("threshold", "5e-6");
    await set("window", 128);
    await set("maxSamples", 8);
    await set("threads", 2);
    await set("memoryBudget", "2GiB");
    await set("runtime", "tensorflow");
    await set("executionProvider", "webgpu");
    await set("tensorflowFolder", " /opt/tfjs ");
    await set("chatTemplate", true);
    await set("typicalText", "never");
    await set("idleRelease", 0.5);
    await set("decorations", true);
    assert.deepEqual(runSettings(), {
      target: "loss",
      threshold: { mode: "absolute", tau: 5e-6 },
      window: 128,
      maxSamples: 8,
      chat: true,
      typicalText: "never",
      memory: 2 * 2 ** 30,
      threads: 2,
      runtime: "tensorflow",
      provider: "webgpu",
      tensorflowFolder: "/opt/tfjs",
    });
    assert.equal(idleSeconds(), 30);
    assert.equal(setting("decorations"), true);
  });

  it("that are wrong are named, with what they should be", async () => {
    await set("threshold", "lots");
    assert.throws(
      runSettings,
      (error) => error instanceof ParamscopeError && error.message.includes("paramscope.threshold"),
    );
  });

  it("that are paths or addresses are restricted where a workspace is not trusted, or no workspace's at all", () => {
    const { properties } = manifest().contributes.configuration;
    const { restrictedConfigurations } = manifest().capabilities.untrustedWorkspaces;
    assert.deepEqual([...restrictedConfigurations].sort(), ["paramscope.hubEndpoint", "paramscope.model"]);
    for (const name of ["hubEndpoint", "memoryBudget", "threads", "idleRelease", "runtime", "tensorflowFolder"])
      assert.equal(properties[`paramscope.${name}`].scope, "machine", name);
  });
});

describe("the model's setting", () => {
  afterEach(reset);

  it("empty is the bundled model", async () => {
    const path = await new Models(contextOf()).currentPath();
    assert.match(path, /models[/\\]demo$/);
  });

  it("naming one from the Hub that is not there offers its download", async () => {
    const missing = async (model: string) => {
      await set("model", model);
      return await new Models(contextOf()).currentPath().then(
        () => assert.fail("there is such a model"),
        (error: unknown) => (error instanceof ModelMissingError ? error.downloadId : error),
      );
    };
    assert.equal(await missing("no-owner/no-model"), "no-owner/no-model");
    assert.equal(await missing("no-owner/no-model/a.gguf"), "no-owner/no-model:a.gguf");
    assert.equal(await missing("/no/such/folder"), undefined);
    assert.equal(await missing("nothing"), undefined);
  });
});

describe("the way to the Hub", () => {
  const before = { ...process.env };
  after(() => (process.env = before));
  afterEach(reset);

  it("is the environment's, and the user's setting goes first", async () => {
    process.env.HF_ENDPOINT = "https://mirror.test/";
    process.env.HF_TOKEN = "hf_environment";
    const hub = new HubAccess(contextOf().secrets);
    const { endpoint, token } = await hub.params();
    assert.deepEqual({ endpoint, token }, { endpoint: "https://mirror.test", token: "hf_environment" });
    await set("hubEndpoint", "https://other.test");
    assert.equal((await hub.params()).endpoint, "https://other.test");
  });

  it("takes the token from the secret storage until it is forgotten", async () => {
    process.env.HF_TOKEN = "";
    const hub = new HubAccess(contextOf().secrets);
    await hub.setToken(" hf_secret ");
    assert.equal((await hub.params()).token, "hf_secret");
    await hub.forgetToken();
    assert.equal((await hub.params()).token, undefined);
    await assert.rejects(hub.setToken("two words"), ParamscopeError);
  });

  it("is never a workspace's", async () => {
    await assert.rejects(async () => await settings().update("hubEndpoint", "https://evil.test", Workspace));
    await assert.rejects(async () => await settings("http").update("proxy", "http://127.0.0.1:9", Workspace));
  });
});
