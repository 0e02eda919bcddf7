import type { Frame, Locator } from "playwright-core";

/** The view of one analysis, in a panel or a saved file's editor. */
export class AnalysisView {
  constructor(readonly frame: Frame) {}

  button(name: string | RegExp): Locator {
    return this.frame.getByRole("button", { name, exact: typeof name === "string" });
  }

  /** A sentence of the view. */
  text(content: string | RegExp): Locator {
    return this.frame.getByText(content).first();
  }

  /** Waits until the run has ended with a result. */
  async done(): Promise<void> {
    await this.shareSlider.waitFor();
  }

  /** There while some layers have arrived and others have not. */
  get someLayers(): Locator {
    return this.frame.getByRole("status").filter({ hasText: /Scoring weights, layer [1-9]/ });
  }

  get shareSlider(): Locator {
    return this.frame.getByRole("slider", { name: "Share of all weights that counts as active" });
  }

  get share(): Locator {
    return this.frame.getByRole("textbox", { name: "Threshold, as a share of all weights" });
  }

  get threshold(): Locator {
    return this.frame.getByRole("textbox", { name: "Threshold, absolute" });
  }

  get heatMap(): Locator {
    return this.frame.getByRole("application");
  }

  /** What is said of the cell that the arrow keys stand on. */
  get cell(): Locator {
    return this.frame.locator("#matrices-cell");
  }

  get matrixTitle(): Locator {
    return this.frame.locator("#matrix-title");
  }

  /** The bars of the layers, or lines where there is none yet. */
  get bars(): Locator {
    return this.frame.getByRole("listbox", { name: /^Layers/ }).getByRole("option");
  }

  /** The strip of a text that is moved through. */
  get strip(): Locator {
    return this.frame.getByRole("slider", { name: /^Positions/ });
  }

  token(index: number): Locator {
    return this.frame.locator(`#token-${index}`);
  }

  /** The rows of a chart's table, as they are shown; it is shown as a table from then on. */
  async table(chart: "Layers" | "Matrices" | "Text"): Promise<string[][]> {
    const table = this.frame.getByRole("switch", { name: `${chart} as a table` });
    if ((await table.getAttribute("aria-checked")) !== "true") await table.click();
    const rows = this.frame.locator(`section.${chart.toLowerCase()} tbody tr`);
    await rows.first().waitFor();
    return await Promise.all((await rows.all()).map((row) => row.locator("th, td").allInnerTexts()));
  }
}
