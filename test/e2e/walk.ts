import type { Frame, Locator } from "playwright-core";

import type { Workbench } from "./workbench";

/** A task as a person does it: what it takes in clicks and keys, and in seconds from the first of them. */
export class Walk {
  readonly #task: string;
  readonly #workbench: Workbench;
  readonly #agreed: number;
  #clicks = 0;
  #begun = performance.now();

  constructor(task: string, workbench: Workbench) {
    this.#task = task;
    this.#workbench = workbench;
    this.#agreed = workbench.agreed;
  }

  /** Agreeing to what a run takes is one, too. */
  get clicks(): number {
    return this.#clicks + this.#workbench.agreed - this.#agreed;
  }

  async click(target: Locator): Promise<void> {
    this.#count(1);
    await target.click();
  }

  /** A right click and the item, whose submenu opens under the pointer. */
  async choose(target: Locator, title: string): Promise<void> {
    this.#count(2);
    await this.#workbench.chooseIn(target, title);
  }

  /** The answer is there: what came before is what it took. */
  answered(): void {
    const seconds = (performance.now() - this.#begun) / 1000;
    const clicks = `${this.clicks} ${this.clicks === 1 ? "click" : "clicks"}`;
    console.log(`task: ${this.#task}: ${clicks}, ${seconds.toFixed(1)} s`);
  }

  #count(clicks: number): void {
    if (this.#clicks === 0) this.#begun = performance.now();
    this.#clicks += clicks;
  }
}

/** Whether all of what a selector finds first in a webview is seen without scrolling. */
export async function isOnFirstScreen(frame: Frame, selector: string): Promise<boolean> {
  await frame.locator(selector).first().waitFor();
  return await frame.evaluate<boolean>(`(() => {
    const { top, bottom, height } = document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect();
    return window.scrollY === 0 && height > 0 && top >= 0 && bottom <= window.innerHeight;
  })()`);
}
