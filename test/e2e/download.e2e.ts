import { existsSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { HubServer } from "../engine/model/hub/hub-server";
import { fixturePath } from "../engine/support/reference";
import { type RunningServer, Server } from "./server";
import { pictures } from "./session";
import { Workbench } from "./workbench";

/* Models from a Hub on this machine. The settings are the workspace's: what they say of the Hub counts for nothing. */

const id = "owner/tiny-llama";
const weights = "model.safetensors";

let hub: HubServer;
let foreign: HubServer;
let server: RunningServer;
let workbench: Workbench;

beforeAll(async () => {
  await mkdir(pictures, { recursive: true });
  hub = await HubServer.start(id, fixturePath("llama"));
  foreign = await HubServer.start(id, fixturePath("llama"));
  process.env.HF_ENDPOINT = hub.endpoint;
  server = await Server.start({
    files: {
      "story.txt": "The lighthouse keeper counted the boats.",
      ".vscode/settings.json": JSON.stringify({
        "paramscope.hubEndpoint": foreign.endpoint,
        "paramscope.model": id,
        "http.proxy": "http://127.0.0.1:9",
      }),
    },
  });
  workbench = await Workbench.open(server);
}, 180_000);

afterAll(async () => {
  delete process.env.HF_ENDPOINT;
  await workbench.close();
  await server.stop();
  await hub.stop();
  await foreign.stop();
});

afterEach(async ({ task }) => {
  await workbench.page.screenshot({ path: join(pictures, `download-${task.name.replace(/\W+/g, "-")}.png`) });
});

async function press(text: string | RegExp, name: string): Promise<void> {
  await (await workbench.notice(text)).locator(".monaco-button", { hasText: name }).click();
}

const quickInput = () => workbench.page.locator(".quick-input-widget input").first();
const choice = (text: string) => workbench.page.locator('.quick-input-list [role="option"]', { hasText: text }).first();

test("a missing model is offered for download; a gated one asks for a token", async () => {
  await workbench.chooseInExplorer("story.txt", "Analyze activations");
  const view = await workbench.analysis("story.txt needs a model");
  hub.fault = ({ authorization, file }) => {
    if (authorization !== "Bearer hf_secret") return { status: 403, headers: { "X-Error-Code": "GatedRepo" } };
    return file === weights ? { stopAfter: 500_000 } : undefined;
  };
  await view.button("Download").click();
  await workbench.notice("is gated");
  await press("is gated", "Set token");
  await quickInput().fill("hf_secret");
  await workbench.page.keyboard.press("Enter");
  await workbench.notice(/\d kB of/);
});

test("stopping a download says where it continues", async () => {
  await press(/\d kB of/, "Cancel");
  await workbench.notice(/was stopped\. It continues at 52\d kB/);
});

test("the list has what can be downloaded, and what was begun", async () => {
  await workbench.runCommand("Notifications: Clear All Notifications");
  await workbench.runCommand("Paramscope: Download model");
  await choice("HuggingFaceTB/SmolLM2-135M").waitFor();
  expect(await choice("meta-llama/Llama-3.2-1B").textContent()).toMatch(/2\.48 GB.*Llama 3\.2.*token/);
  await quickInput().fill("tiny");
  expect(await choice(id).textContent()).toMatch(/Continues at 52\d kB/);
});

test("it goes on from there, asks the user's Hub alone, and is used when the user says so", async () => {
  hub.asked.length = 0;
  hub.fault = () => undefined;
  await choice(id).click();
  await workbench.notice(`Downloaded ${id}`);
  expect(hub.fetched).toEqual([`${weights} from 500000`]);
  await press(`Downloaded ${id}`, "Use it");
  const settings = join(server.root, "user-data/Machine/settings.json");
  const written = () => (existsSync(settings) ? readFileSync(settings, "utf8") : "");
  await expect.poll(written, { timeout: 10_000 }).toContain(`"paramscope.model": "${id}"`);
  await workbench.chooseInExplorer("story.txt", "Analyze activations");
  const view = await workbench.analysis("story.txt");
  await view.done();
  expect(await view.text("tiny-llama").isVisible()).toBe(true);
  expect(foreign.asked).toEqual([]);
});

test("any repository can be named; what is no id is said at once", async () => {
  await workbench.runCommand("Notifications: Clear All Notifications");
  await workbench.runAndChoose("Paramscope: Download model", "Any repository id");
  await quickInput().fill("no id");
  await workbench.page.getByText("is no id of a model on the Hugging Face Hub").first().waitFor();
  await quickInput().fill("owner/another");
  await workbench.page.keyboard.press("Enter");
  await workbench.notice(`There is no model owner/another at ${hub.endpoint}`);
});

test("the token can be forgotten", async () => {
  await workbench.runCommand("Notifications: Clear All Notifications");
  await workbench.runCommand("Paramscope: Forget Hugging Face token");
  await workbench.page.getByText("The Hugging Face token was deleted").first().waitFor();
  hub.asked.length = 0;
  await workbench.runAndChoose("Paramscope: Download model", "Any repository id");
  await quickInput().fill("owner/another");
  await workbench.page.keyboard.press("Enter");
  await workbench.notice("There is no model owner/another");
  expect(hub.strangers).toEqual(["Bearer hf_secret", undefined]);
});
