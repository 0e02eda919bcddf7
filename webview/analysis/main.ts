import "./style.css";
import type { FromAnalysisView, ToAnalysisView } from "../../src/views/analysis-protocol";
import { connectHost } from "../shared/host";
import { onThemeChange } from "../shared/theme";
import { AnalysisApp } from "./app";
import { restoredView, type ViewState } from "./view-state";

/*
 * The page around this needs no more than this script, its style sheet, and `img-src data:` to draw a PNG for export.
 * Draws and threshold changes are measured as `paramscope.draw` and `paramscope.threshold` (see `performance`).
 */

const root = document.createElement("main");
document.body.append(root);

const host = connectHost<ToAnalysisView, FromAnalysisView>((message) => app.receive(message));
const app = new AnalysisApp(
  root,
  (message) => host.post(message),
  restoredView(host.kept()),
  (view: ViewState) => host.keep(view),
);

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
host.post({ type: "ready" });
