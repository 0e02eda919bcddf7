import type { Workbench } from "../../test/e2e/workbench";
import { numberOf } from "./number-of";

/**
 * Notes in the window when a key or button was last used, and in every webview to come when its title, and its first bar,
 * came to be there. Asking for them all the time would take the processor from what is measured.
 */
export async function watch({ page }: Workbench): Promise<void> {
  await page.evaluate(`for (const name of ["mouseup", "keydown"])
    window.addEventListener(name, () => (window.acted = Date.now()), { capture: true })`);
  await page.addInitScript(`if (window.parent !== window)
    setInterval(() => {
      const title = document.querySelector("h1")?.textContent;
      if (title === undefined) return;
      window.titled ??= { title, time: Date.now() };
      if (document.querySelector(".bars .fill") !== null) window.barred ??= { title, time: Date.now() };
    }, 10)`);
}

/** Milliseconds from the click on the menu's item to the first bar of the panel; each file has a panel of its own. */
export async function firstBar(workbench: Workbench, file: string): Promise<number> {
  await workbench.chooseInExplorer(file, "Analyze activations");
  return await sinceActed(workbench, `window.barred?.title === "${file}" ? window.barred.time : undefined`);
}

/** Milliseconds from the choice of a command to a webview that does nothing: what of the above is VS Code's own. */
export async function emptyPanel(workbench: Workbench): Promise<number> {
  await workbench.runCommand("Companion: Open empty panel");
  const time = await sinceActed(workbench, `window.titled?.title === "empty" ? window.titled.time : undefined`);
  await workbench.closeEditor("Empty");
  return time;
}

async function sinceActed({ page }: Workbench, time: string): Promise<number> {
  const seen = await numberOf(page, time);
  return seen - (await numberOf(page, "window.acted"));
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
