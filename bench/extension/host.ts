import type { Workbench } from "../../test/e2e/workbench";
import { numberOf } from "./number-of";

/** Milliseconds from the click on the menu's item to the first bar of the panel; each file has a panel of its own. */
export async function firstBar(workbench: Workbench, file: string): Promise<number> {
  const { page } = workbench;
  await page.evaluate('window.addEventListener("mouseup", () => (window.clicked = Date.now()), { capture: true })');
  await workbench.chooseInExplorer(file, "Analyze activations");
  const hasBar = `document.querySelector("h1")?.textContent === "${file}" && document.querySelector(".bars .fill")`;
  const seen = await numberOf(page, `${hasBar} ? Date.now() : undefined`);
  return seen - (await numberOf(page, "window.clicked"));
}

/** Milliseconds from the click on a command to a webview that does nothing: what of the above is VS Code's own. */
export async function emptyPanel(workbench: Workbench): Promise<number> {
  const { page } = workbench;
  await page.evaluate('window.addEventListener("mouseup", () => (window.clicked = Date.now()), { capture: true })');
  await workbench.runCommand("Companion: Open empty panel");
  const seen = await numberOf(page, `document.querySelector("h1")?.textContent === "empty" ? Date.now() : undefined`);
  return seen - (await numberOf(page, "window.clicked"));
}

/** Milliseconds of loading the extension's code and of its `activate`, as the editor's own list has it. */
export async function activationTime(workbench: Workbench): Promise<number> {
  await workbench.runCommand("Developer: Show Running Extensions");
  const row = workbench.page.locator(".runtime-extensions-editor .extension", {
    hasText: /^(?!.*Companion).*Paramscope/,
  });
  const [, time] = /Activation: (\d+)ms/.exec((await row.first().textContent()) ?? "") ?? [];
  await workbench.page.keyboard.press("Escape");
  await row.first().waitFor({ state: "detached" });
  if (time === undefined) throw new Error("The list of running extensions does not have Paramscope's time.");
  return Number(time);
}

/** Milliseconds of the longest time in which the extension host did not come to anything else, since it was last asked. */
export async function longestDelay(workbench: Workbench): Promise<number> {
  const item = workbench.page.locator(".statusbar-item", { hasText: /^delay \d+:/ });
  const before = (await item.count()) > 0 ? await item.textContent() : "";
  await workbench.runCommand("Companion: Show delay");
  for (;;) {
    const text = (await item.count()) > 0 ? await item.textContent() : "";
    const [, delay] = /: ([\d.]+) ms/.exec(text ?? "") ?? [];
    if (delay !== undefined && text !== before) return Number(delay);
    await workbench.page.waitForTimeout(50);
  }
}

export async function resetDelay(workbench: Workbench): Promise<void> {
  await longestDelay(workbench);
}
