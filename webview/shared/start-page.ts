import type { CommonRequest, RunMessage } from "../../src/pages/run";
import { connectHost } from "./host";
import type { Page, PageState } from "./page";
import { PageRunner } from "./page-runner";
import type { PageView } from "./page-view";
import { onThemeChange } from "./theme";
import { inLine } from "../../src/format/readable";

/**
 * Starts the one page of a document. What is around it needs no more than its script, its style sheet, and `img-src data:`
 * to draw a PNG for export.
 */
export function startPage<
  State extends PageState,
  From extends { readonly type: string },
  View extends PageView,
  Told,
  To extends { readonly type: string },
>(page: Page<State, From, View, Told, To>): void {
  const root = document.createElement("main");
  document.body.append(root);
  const host = connectHost<To | RunMessage<State, unknown>, From | CommonRequest>((message) => runner.receive(message));
  const runner = new PageRunner(page, host, root);
  new ResizeObserver(([entry]) => entry && runner.resize(Math.floor(entry.contentRect.width))).observe(root);
  onThemeChange(runner.draw);
  let scrolling: number | undefined;
  window.addEventListener("scroll", () => {
    window.clearTimeout(scrolling);
    scrolling = window.setTimeout(() => runner.scrolled(window.scrollY), 150);
  });
  window.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && runner.back()) event.preventDefault();
  });
  window.addEventListener("error", ({ error }) => error instanceof Error && sayDefect(root, error));
  host.post({ type: "ready" });
}

/** Says that something could not be drawn, such as a saved file whose lists do not belong together: once, above what is there. */
function sayDefect(root: HTMLElement, { message }: Error): void {
  const id = "defect";
  if (document.getElementById(id)) return;
  const line = document.createElement("p");
  Object.assign(line, { id, className: "note", role: "alert" });
  line.textContent = `Not all of this page could be drawn (${inLine(message)}).`;
  root.before(line);
}
