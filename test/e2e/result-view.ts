import type { Frame, Locator } from "playwright-core";

/** A view of folders or of patching, in a panel or a saved file's editor. */
export class ResultView {
  constructor(readonly frame: Frame) {}

  button(name: string): Locator {
    return this.frame.getByRole("button", { name, exact: true });
  }

  text(content: string | RegExp): Locator {
    return this.frame.getByText(content).first();
  }

  get notes(): Locator {
    return this.frame.getByRole("list", { name: "Notes on this run" }).getByRole("listitem");
  }

  get alert(): Locator {
    return this.frame.getByRole("alert").first();
  }

  /** There while some layers have arrived and others have not. */
  get someLayers(): Locator {
    return this.frame.getByRole("status").filter({ hasText: /Scoring weights, layer [1-9]/ });
  }
}
