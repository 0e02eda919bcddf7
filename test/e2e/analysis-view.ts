import type { Frame, Locator } from "playwright-core";

/** The view of one analysis, in a panel or a saved file's editor. */
export class AnalysisView {
  constructor(readonly frame: Frame) {}

  /** The button of the given name, wherever it is. */
  button(name: string): Locator {
    return this.frame.locator("vscode-button", { hasText: name }).first();
  }

  get layersTitle(): Locator {
    return this.frame.locator("#layers-title");
  }

  /** Waits until the run has ended with a result. */
  async done(timeout = 60_000): Promise<void> {
    await this.frame.locator("section.layers .finding").waitFor({ timeout });
  }

  async text(): Promise<string> {
    return (await this.frame.locator("body").textContent()) ?? "";
  }

  /** The rows of the layers' table, as they are shown. */
  async layersTable(): Promise<string[][]> {
    const section = this.frame.locator("section.layers");
    const rows = section.locator("tbody tr");
    if ((await rows.count()) === 0) await section.locator("vscode-toolbar-button", { hasText: "Table" }).click();
    await rows.first().waitFor();
    return await Promise.all((await rows.all()).map((row) => row.locator("th, td").allInnerTexts()));
  }
}
