import { render, type TemplateResult } from "lit";

/** What is drawn now; undefined before anything is known. */
type Content = () => TemplateResult | undefined;

/** Draws a page into its root, once a frame at most. Draws are measured as `paramscope.draw`. */
export class Drawing {
  readonly #root: HTMLElement;
  readonly #content: Content;
  #width = 0;
  #focus: string | undefined;
  #isAwaitingFrame = false;

  constructor(root: HTMLElement, content: Content) {
    this.#root = root;
    this.#content = content;
  }

  /** The width of the content, in pixels; 0 before it is laid out. */
  get width(): number {
    return this.#width;
  }

  resize(width: number): void {
    if (width === this.#width) return;
    this.#width = width;
    this.draw();
  }

  /** Draws with the next frame. */
  readonly draw = (): void => {
    if (this.#isAwaitingFrame) return;
    this.#isAwaitingFrame = true;
    requestAnimationFrame(() => {
      this.#isAwaitingFrame = false;
      this.drawNow();
    });
  };

  drawNow(): void {
    const begun = performance.now();
    const content = this.#width > 0 ? this.#content() : undefined;
    if (!content) return;
    render(content, this.#root);
    performance.measure("paramscope.draw", { start: begun });
    if (this.#focus) moveFocus(this.#focus);
    this.#focus = undefined;
  }

  /** Moves the focus to the element with this id, or to the first thing in it that takes the focus, once it is drawn. */
  readonly focusOn = (id: string): void => {
    this.#focus = id;
    this.draw();
  };
}

function moveFocus(id: string): void {
  const element = document.getElementById(id);
  if (!element) return;
  if (element.classList.contains("token")) element.scrollIntoView({ block: "nearest" });
  else (element.querySelector<HTMLElement>("[tabindex='0']") ?? element).focus();
}
