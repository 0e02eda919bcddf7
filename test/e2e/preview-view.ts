import type { Frame, Locator } from "playwright-core";

/** The compression preview of the side bar. */
export class PreviewView {
  constructor(readonly frame: Frame) {}

  button(name: string): Locator {
    return this.frame.getByRole("button", { name, exact: true });
  }

  /** The findings of a section. */
  findings(section: string): Locator {
    return this.frame.locator(`.${section} .finding`);
  }

  /** Says what every layer would lose. */
  async plan(): Promise<(string | null)[]> {
    const bars = await this.frame.locator(".layers .bar").all();
    return await Promise.all(bars.map((bar) => bar.getAttribute("aria-label")));
  }

  async choose(list: string, option: string): Promise<void> {
    await this.frame.getByRole("combobox", { name: list }).click();
    await this.frame.getByRole("option", { name: option }).click();
  }

  get slider(): Locator {
    return this.frame.getByRole("slider", { name: "Sparsity", exact: true });
  }

  async slideTo(sparsity: number): Promise<void> {
    await this.slider.fill(String(sparsity));
  }
}
