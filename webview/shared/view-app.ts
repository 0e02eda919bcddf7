import { render, type TemplateResult } from "lit";
import { connectHost, type Host } from "./host";
import { onThemeChange } from "./theme";

/** What a page is started with. */
export interface Page<From> {
  readonly root: HTMLElement;
  readonly host: Host<From>;
}

/**
 * State in, drawing out: messages of the extension are drawn once a frame. `View` is what the user is looking at, which VS Code
 * keeps while the page is hidden and over a reload of the window. Draws are measured as `paramscope.draw`.
 */
export abstract class ViewApp<To, From, View extends { readonly scroll: number }> {
  protected width = 0;
  protected readonly inEditor: boolean;
  readonly #root: HTMLElement;
  readonly #host: Host<From>;
  #focus: string | undefined;
  #isAwaitingFrame = false;

  constructor(
    { root, host }: Page<From>,
    protected view: View,
  ) {
    this.#root = root;
    this.#host = host;
    this.inEditor = host.inEditor;
  }

  abstract receive(message: To): void;

  /** What is drawn now; undefined before anything is known. */
  protected abstract content(): TemplateResult | undefined;

  /** Escape: one step back, if there is one. */
  back(): boolean {
    return false;
  }

  resize(width: number): void {
    if (width === this.width) return;
    this.width = width;
    this.draw();
  }

  scrolled(scroll: number): void {
    this.showView({ ...this.view, scroll });
  }

  readonly draw = (): void => {
    if (this.#isAwaitingFrame) return;
    this.#isAwaitingFrame = true;
    requestAnimationFrame(() => {
      this.#isAwaitingFrame = false;
      this.#drawNow();
    });
  };

  protected readonly post = (message: From): void => this.#host.post(message);

  /** Draws at once, so that the next key finds what this one did; pointers come once a frame anyway. */
  protected readonly change = (change: Partial<View>): void => {
    this.showView({ ...this.view, ...change });
    this.#drawNow();
  };

  /** Moves the focus to the element with this id, or to the first thing in it that takes the focus, once it is drawn. */
  protected readonly focusOn = (id: string): void => {
    this.#focus = id;
    this.draw();
  };

  /** Takes another view, to be drawn with what it belongs to. */
  protected showView(view: View): void {
    this.view = view;
    this.#host.keep(view);
  }

  /** Scrolls to where the view was, once it is drawn. */
  protected restoreScroll(): void {
    requestAnimationFrame(() => requestAnimationFrame(() => window.scrollTo(0, this.view.scroll)));
  }

  #drawNow(): void {
    const begun = performance.now();
    const content = this.width > 0 ? this.content() : undefined;
    if (!content) return;
    render(content, this.#root);
    performance.measure("paramscope.draw", { start: begun });
    if (this.#focus) moveFocus(this.#focus);
    this.#focus = undefined;
  }
}

function moveFocus(id: string): void {
  const element = document.getElementById(id);
  if (!element) return;
  if (element.classList.contains("token")) element.scrollIntoView({ block: "nearest" });
  else (element.querySelector<HTMLElement>("[tabindex='0']") ?? element).focus();
}

/**
 * Starts the one view of a page. The page around it needs no more than its script, its style sheet, and `img-src data:` to
 * draw a PNG for export.
 */
export function startView<
  To extends { readonly type: string },
  From extends { readonly type: string },
  View extends { readonly scroll: number } = { readonly scroll: number },
>(create: (page: Page<From>) => ViewApp<To, From, View>, ready: From): void {
  const root = document.createElement("main");
  document.body.append(root);
  const host = connectHost<To, From>((message) => app.receive(message));
  const app = create({ root, host });
  new ResizeObserver(([{ contentRect }]) => app.resize(Math.floor(contentRect.width))).observe(root);
  onThemeChange(app.draw);
  let scrolling: number | undefined;
  window.addEventListener("scroll", () => {
    window.clearTimeout(scrolling);
    scrolling = window.setTimeout(() => app.scrolled(window.scrollY), 150);
  });
  window.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && app.back()) event.preventDefault();
  });
  host.post(ready);
}
