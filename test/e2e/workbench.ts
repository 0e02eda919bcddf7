import { setTimeout as sleep } from "node:timers/promises";

import type { Browser, Frame, Locator, Page } from "playwright-core";
import { expect } from "vitest";

import { AnalysisView } from "./analysis-view";
import { launch } from "./browser";
import type { Opens, Server } from "./server";

const EXTENSION_ID = "paramscope.paramscope";

/** How long to wait for what must come: other work may run beside the window. */
const PATIENCE_MS = 120_000;

/** The window of VS Code, as a user sees and uses it. */
export class Workbench {
  /** What the page asked of other hosts: nothing may. */
  readonly outside: string[] = [];
  readonly consoleErrors: string[] = [];
  /** How often a run's cost was agreed to. */
  agreed = 0;
  /** Whether a test answers itself what is asked of a run's cost. */
  leavesQuestions = false;

  private constructor(
    readonly server: Server,
    private readonly browser: Browser,
    readonly page: Page,
    private readonly url: string,
  ) {
    page.context().on("requestfailed", (request) => {
      // A webview's own files have such a host too; a service worker answers, unless the webview is closed first.
      const isWebviewFile = request.url().includes(".vscode-resource.vscode-cdn.net/");
      if (!isWebviewFile && !new URL(request.url()).origin.startsWith("http://127.0.0.1:"))
        this.outside.push(request.url());
    });
    page.on("console", (message) => {
      if (message.type() === "error") this.consoleErrors.push(message.text());
    });
  }

  static async open(server: Server, opens?: Opens): Promise<Workbench> {
    const browser = await launch();
    const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
    context.setDefaultTimeout(PATIENCE_MS);
    const workbench = new Workbench(server, browser, await context.newPage(), server.url(opens));
    await workbench.load();
    void workbench.#agreeToCosts();
    return workbench;
  }

  /** Loads the window, or loads it again, and waits until it is at rest: acting earlier is flaky. */
  async load(): Promise<void> {
    const activated = this.#activations();
    await this.page.goto(this.url, { waitUntil: "domcontentloaded" });
    await this.#atRest(activated);
  }

  /** Loads the window again as a user does: what is open is kept, which `load` alone may be too quick for. */
  async reload(): Promise<void> {
    const activated = this.#activations();
    const loaded = this.page.waitForEvent("domcontentloaded");
    await this.runCommand("Developer: Reload Window");
    await loaded;
    await this.#atRest(activated);
  }

  async #atRest(activated: number): Promise<void> {
    await this.page.locator(".monaco-workbench").waitFor();
    await this.page.waitForFunction("window.driver");
    await this.page.evaluate("window.driver.whenWorkbenchRestored()");
    const end = Date.now() + PATIENCE_MS;
    while (this.#activations() === activated) {
      if (Date.now() > end) throw new Error(`the extension host did not start\n${this.server.extensionHostLog()}`);
      await sleep(100);
    }
  }

  /** Leaves the page first: that ends its extension host, which would wait for it otherwise. */
  async close(): Promise<void> {
    await this.page.goto("about:blank");
    await this.browser.close();
  }

  /** By its whole name: others may have it in theirs. */
  explorerItem(name: string): Locator {
    const label = this.page.getByText(name, { exact: true });
    return this.page.locator('.explorer-folders-view [role="treeitem"]', { has: label }).first();
  }

  /** The view of the side bar that the activity bar's `title` opens. */
  async openSideBar(title: string): Promise<void> {
    const item = this.page.locator(".activitybar .action-item", { has: this.page.locator(`[aria-label^="${title}"]`) });
    if ((await item.getAttribute("aria-selected")) !== "true") await item.click();
    await this.page.locator(".sidebar .title-label", { hasText: title }).waitFor();
  }

  /** Items of a view of the side bar, in their order. */
  treeItems(view: string): Locator {
    const pane = this.page.locator(".pane", { has: this.page.locator(".pane-header", { hasText: view }) });
    return pane.locator('[role="treeitem"]');
  }

  /** Opens a result of the history, whose tab is not there. What was just saved moves in the list: a click while it is drawn again opens nothing. */
  async openResult(text: string): Promise<void> {
    await this.openSideBar("Paramscope");
    const tabs = this.page.locator(".tab");
    const before = await tabs.count();
    const isOpened = async (): Promise<boolean> =>
      await tabs
        .nth(before)
        .waitFor({ timeout: 5000 })
        .then(
          () => true,
          () => false,
        );
    for (let attempt = 0; attempt < 3; attempt++) {
      await this.treeItems("Results").filter({ hasText: text }).first().click();
      if (await isOpened()) return;
    }
    throw new Error(`the result ${text} was not opened`);
  }

  tab(title: string): Locator {
    return this.page.locator(".tab", { hasText: title }).first();
  }

  statusItem(): Locator {
    return this.page.locator('.statusbar-item[id="paramscope.paramscope.paramscope.status"]');
  }

  /** Opens a file, and waits until it is in front: a panel's tab may have the file's name in its title. */
  async openFile(name: string): Promise<void> {
    await this.explorerItem(name).dblclick();
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).first().waitFor();
  }

  async closeEditor(title: string): Promise<void> {
    await this.tab(title).click({ button: "middle" });
    await this.tab(title).waitFor({ state: "detached" });
  }

  /** Selects items of the explorer, the first by a click, the others in addition; again where a click was lost while the window is busy. */
  async selectInExplorer(first: string, ...others: string[]): Promise<void> {
    const items = [first, ...others].map((name) => this.explorerItem(name));
    const chosen = this.page.locator('[aria-selected="true"]');
    for (let tries = 0; tries < 5; tries++) {
      for (const [i, item] of items.entries()) await item.click({ modifiers: i > 0 ? ["Control"] : [] });
      const selected = items.map((item) => item.and(chosen).waitFor({ timeout: 5000 }));
      if (await isReached(Promise.all(selected))) return;
    }
    throw new Error(`${[first, ...others].join(", ")} could not be selected in the explorer`);
  }

  /** Chooses an item of the explorer's context menu; the menu may close while the window is busy, then again. */
  async chooseInExplorer(name: string, title: string): Promise<void> {
    await this.#chooseInMenu(this.explorerItem(name), title);
  }

  async chooseInEditor(title: string): Promise<void> {
    await this.#chooseInMenu(this.line(0), title);
  }

  /** Chooses an item of what a right click, or a click on a button with a menu, opens. */
  async chooseIn(target: Locator, title: string, button: "left" | "right" = "right"): Promise<void> {
    await this.#chooseInMenu(target, title, button);
  }

  /** Opens a context menu at one of our items, and leaves it so. */
  async openMenu(target: Locator, title: string): Promise<void> {
    await this.#withMenuItem(target, title, "right", (item) => isReached(item.hover({ timeout: 2000 })));
  }

  /** Line `index` of the editor that has the focus. */
  line(index: number): Locator {
    return this.page.locator(".editor-group-container.active .editor-instance .view-line").nth(index);
  }

  async selectLine(index: number): Promise<void> {
    await this.line(index).click();
    await this.page.keyboard.press("Home");
    await this.page.keyboard.press("Shift+End");
  }

  /** Runs a command by its title in the palette. */
  async runCommand(title: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget input").first();
    const found = this.page.locator('.quick-input-list [role="option"]', { hasText: title }).first();
    const focused = this.page.locator(".quick-input-list .monaco-list-row.focused", { hasText: title });
    for (let tries = 0; tries < 10; tries++) {
      // A view that is just being loaded swallows keys, or takes the focus and with it the palette away.
      await this.page.keyboard.press("F1");
      if (!(await isReached(input.waitFor({ timeout: 2000 })))) continue;
      if (!(await isReached(input.fill(`>${title}`, { timeout: 2000 })))) continue;
      // By keys: rows move while the list is filtered, and a click could meet another command.
      if (await isReached(found.waitFor({ timeout: 5000 })))
        for (let row = 0; row < 20; row++) {
          if (await isReached(focused.waitFor({ timeout: 300 }))) {
            if (await isReached(input.press("Enter", { timeout: 2000 }))) return;
          } else if (!(await isReached(input.press("ArrowDown", { timeout: 2000 })))) break;
        }
      await this.page.keyboard.press("Escape");
    }
    throw new Error(`“${title}” could not be run from the palette`);
  }

  /** Runs a command and chooses from the list that it opens; again where a view that took the focus has closed the list. */
  async runAndChoose(title: string, choice: string): Promise<void> {
    const row = this.page.locator('.quick-input-list [role="option"]', { hasText: choice }).first();
    for (let tries = 0; tries < 5; tries++) {
      await this.runCommand(title);
      if (await isReached(row.click({ timeout: 5000 }))) return;
    }
    throw new Error(`“${choice}” could not be chosen after “${title}”`);
  }

  /** Types a folder's path into the dialog that asks for one. */
  async nameFolder(path: string, button: string): Promise<void> {
    const widget = this.page.locator(".quick-input-widget");
    const input = widget.locator("input").first();
    const typed = `${path}/`;
    // The dialog goes to a folder of its own first, and joins with that what was typed before it was there.
    for (let tries = 0; tries < 5; tries++) {
      await input.fill(typed);
      await sleep(500);
      if ((await input.inputValue()) === typed) break;
    }
    const taking = widget.locator(".quick-input-action a", { hasText: button });
    await taking.click();
    await taking.waitFor({ state: "hidden" });
  }

  /** Takes what a box that asks for a line offers. */
  async acceptInput(offered: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget input").first();
    await expect.poll(() => input.inputValue()).toBe(offered);
    await input.press("Enter");
  }

  /** Takes the name that the file dialog offers. */
  async acceptFileName(): Promise<void> {
    const widget = this.page.locator(".quick-input-widget");
    await widget
      .locator(".quick-input-action a", { hasText: /Save|OK/ })
      .first()
      .click();
    await widget.waitFor({ state: "hidden" });
  }

  /** Makes these the user's settings of Paramscope, without others, and waits until the extensions know. */
  async set(settings: Readonly<Record<string, unknown>>): Promise<void> {
    const json = JSON.stringify(settings);
    await this.runCommand("Companion: Set settings");
    await this.page.locator(".quick-input-title", { hasText: "Settings of Paramscope" }).waitFor();
    await this.page.locator(".quick-input-widget input").first().fill(json);
    await this.page.keyboard.press("Enter");
    await this.page.locator(".statusbar-item", { hasText: `settings ${json}` }).waitFor();
  }

  /** Chooses a colour theme by its name. */
  async useTheme(name: string): Promise<void> {
    await this.runCommand("Preferences: Color Theme");
    const input = this.page.locator(".quick-input-widget input").first();
    await input.fill(name);
    await this.page.locator('.quick-input-list [role="option"].focused', { hasText: name }).waitFor();
    await this.page.keyboard.press("Enter");
    await input.waitFor({ state: "hidden" });
  }

  async closeAllEditors(): Promise<void> {
    await this.runCommand("View: Close All Editors");
    await this.page.locator(".tab").first().waitFor({ state: "detached" });
  }

  /** Presses a button of the dialog that asks something. */
  async answer(button: string): Promise<void> {
    await this.page.locator(".monaco-dialog-box .monaco-button", { hasText: button }).click();
  }

  get dialog(): Locator {
    return this.page.locator(".monaco-dialog-box");
  }

  /** Notifications are read in their list: this VS Code shows no toasts while it is driven. */
  async notice(text: string | RegExp): Promise<Locator> {
    const list = this.page.locator(".notifications-center");
    const found = list.locator(".notification-list-item", { hasText: text }).first();
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      // What takes the focus meanwhile closes the list.
      if (!(await list.isVisible())) await this.page.locator('.statusbar-item[id="status.notifications"]').click();
      // What the pointer rests on shows its tooltip after a while, over the buttons of the list.
      await this.page.mouse.move(0, 0);
      if (await isReached(found.waitFor({ timeout: 2000 }))) return found;
      if (Date.now() > end) throw new Error(`no notification says ${String(text)}`);
    }
  }

  /** Agrees to runs' costs as long as the window is open: what a fast machine just does, a slow one asks about first. */
  async #agreeToCosts(): Promise<void> {
    const start = this.page.locator(".monaco-dialog-box .monaco-button", { hasText: /^Start$/ });
    while (!this.page.isClosed()) {
      const isAsked = !this.leavesQuestions && (await start.isVisible().catch(() => false));
      if (isAsked && (await isReached(start.click({ timeout: 2000 })))) this.agreed++;
      await sleep(250);
    }
  }

  /** The view of an analysis whose title begins with `title`. */
  async analysis(title: string): Promise<AnalysisView> {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      for (const frame of this.#webviews().filter((frame) => !isOfSideBar(frame))) {
        const heading = await frame
          .locator("h1")
          .first()
          .textContent({ timeout: 250 })
          .catch(() => "");
        if (heading?.startsWith(title)) return new AnalysisView(frame);
      }
      if (Date.now() > end) throw new Error(`no analysis of ${title} is shown`);
      await sleep(100);
    }
  }

  /** Any webview of the extension whose text contains `text`. */
  async webviewWith(text: string): Promise<Frame> {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      for (const frame of this.#webviews()) {
        const body = await frame
          .locator("body")
          .textContent({ timeout: 250 })
          .catch(() => "");
        if (body?.includes(text)) return frame;
      }
      if (Date.now() > end) throw new Error(`no view with “${text}” is shown`);
      await sleep(100);
    }
  }

  #webviews(): Frame[] {
    return this.page.frames().filter((frame) => frame.parentFrame()?.url().includes(`extensionId=${EXTENSION_ID}`));
  }

  #activations(): number {
    try {
      return this.server.extensionHostLog().split("Eager extensions activated").length;
    } catch {
      return 1;
    }
  }

  /** Opens ours, where the item lies in it. */
  async #openSubmenu(menu: Locator, item: Locator): Promise<void> {
    const submenu = menu.locator(".action-label", { hasText: /^Paramscope$/ }).first();
    if (!(await isReached(item.or(submenu).first().waitFor({ timeout: 5000 })))) return;
    if (await item.isVisible()) return;
    // It opens by itself where the pointer rests; a click may just close it again.
    await isReached(submenu.hover({ timeout: 2000 }));
    if (!(await isReached(item.waitFor({ timeout: 2000 })))) await this.page.keyboard.press("ArrowRight");
  }

  async #chooseInMenu(target: Locator, title: string, button: "left" | "right" = "right"): Promise<void> {
    const menu = this.page.locator(".monaco-menu").first();
    await this.#withMenuItem(target, title, button, async (item) => {
      // A menu ignores clicks just after it was opened.
      await sleep(200);
      const isClicked = await isReached(item.click({ timeout: 2000 }));
      return isClicked && (await isReached(menu.waitFor({ state: "detached", timeout: 10_000 })));
    });
  }

  /** Opens a menu, again where it closes while the window is busy, until something is done with one of its items. */
  async #withMenuItem(
    target: Locator,
    title: string,
    button: "left" | "right",
    done: (item: Locator) => Promise<boolean>,
  ): Promise<void> {
    const menu = this.page.locator(".monaco-menu").first();
    const item = this.page.locator(".monaco-menu .action-label", { hasText: title }).first();
    let why: unknown;
    for (let attempt = 0; attempt < 8; attempt++) {
      if ((await menu.count()) === 0)
        // A tooltip, or a menu that was left open, may lie over it.
        await target.click({ button, timeout: 10_000 }).catch((error: unknown) => (why = error));
      await this.#openSubmenu(menu, item);
      if ((await isReached(item.waitFor({ timeout: 5000 }))) && (await done(item))) return;
      // a submenu first, then the menu
      for (let open = 0; open < 3 && (await menu.count()) > 0; open++) await this.page.keyboard.press("Escape");
      await this.page.mouse.move(0, 0);
    }
    throw new Error(`“${title}” could not be chosen in the context menu`, { cause: why });
  }
}

/** The preview there has its calibration's title too. */
function isOfSideBar(frame: Frame): boolean {
  return frame.parentFrame()?.url().includes("purpose=webviewView") ?? false;
}

async function isReached(waiting: Promise<unknown>): Promise<boolean> {
  return await waiting.then(
    () => true,
    () => false,
  );
}
