import type { Frame, Locator } from "playwright-core";

/** The view of one comparison, in a panel or a saved file's editor. */
export class ComparisonView {
  constructor(readonly frame: Frame) {}

  button(name: string): Locator {
    return this.frame.locator("vscode-button", { hasText: name }).first();
  }

  get relevance(): Locator {
    return this.frame.locator("section.relevance .finding").first();
  }

  /** Waits until the run has ended with a result. */
  async done(): Promise<void> {
    await this.relevance.waitFor();
  }

  /** How the texts of A and B begin, in this order. */
  async beginnings(): Promise<string[]> {
    return await this.frame.locator("h1 .beginning").allInnerTexts();
  }

  /** What of A and of B is framed, since the other has it not. */
  async changed(): Promise<string[]> {
    const framed = ["a", "b"].map((side) => this.frame.locator(`.text-${side} .token.changed`).allInnerTexts());
    return (await Promise.all(framed)).map((tokens) => tokens.join("").trim());
  }
}
