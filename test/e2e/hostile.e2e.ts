import { cp } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

import { fixturePath } from "../engine/support/reference";
import { useWorkbench } from "./session";
import { hostileName } from "./workspace-files";

/* A name that wants to be a link to a command and a picture is a name, in whatever the editor shows of it. */

const workbench = useWorkbench();

/** The name as the editor shows it: neither a link nor a picture, and nothing that turns the line around. */
const shown = "[run] (command:workbench.action.toggleSidebarVisibility) $ (flame) ⟨U+202E⟩";
const page = () => workbench().page;
const inside = (selector: string) => page().locator(selector, { hasText: shown }).first();

/** Links, and pictures of that kind, within an element. */
const faults = (selector: string) => inside(selector).locator("a[href], .codicon-flame").count();

test("a notification", async () => {
  await workbench().chooseInExplorer(`${hostileName}.dat`, "Analyze activations");
  const notice = await workbench().notice(shown);
  expect(await notice.textContent()).toContain("is a binary file, not text");
  expect(await notice.locator(".notification-list-item-message a, .codicon-flame").count()).toBe(0);
  await workbench().runCommand("Notifications: Clear All Notifications");
});

test("a panel, its tab, and the history", async () => {
  await workbench().chooseInExplorer(`${hostileName}.txt`, "Analyze activations");
  await workbench().webviewWith("⟨U+202E⟩");
  expect(await faults(".tab")).toBe(0);
  await workbench().openSideBar("Paramscope");
  const entry = workbench().treeItems("Results").filter({ hasText: shown }).first();
  await entry.waitFor();
  expect(await entry.locator("a[href], .codicon-flame").count()).toBe(0);
  await entry.hover();
  const hover = page().locator(".workbench-hover", { hasText: shown }).first();
  await hover.waitFor();
  expect(await hover.locator("a[href], .codicon-flame").count()).toBe(0);
});

test("a list to choose from, and the status bar", async () => {
  const model = join(workbench().server.workspace, hostileName);
  await cp(fixturePath("llama"), model, { recursive: true });
  await workbench().runCommand("Paramscope: Add model from folder");
  await workbench().nameFolder(model, "Use model");
  await expect.poll(() => workbench().statusItem().textContent()).toContain(shown);
  expect(await workbench().statusItem().locator(".codicon-flame").count()).toBe(0);
  await workbench().runCommand("Paramscope: Choose model");
  await inside(".quick-input-list [role='option']").waitFor();
  expect(await faults(".quick-input-list [role='option']")).toBe(0);
  await page().keyboard.press("Escape");
  // other tests take the model that is chosen
  await workbench().set({});
});
