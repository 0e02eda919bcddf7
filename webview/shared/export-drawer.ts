import type { VscodeSingleSelect } from "@vscode-elements/elements/dist/vscode-single-select/index.js";
import { html, nothing, type TemplateResult } from "lit";
import { csv } from "../../src/format/csv";
import { elementAt } from "../../src/engine/numbers/elements";
import type { CommonRequest } from "../../src/pages/run";
import { button, type Option, select } from "./controls";
import type { DataTable } from "./data-table";
import { type Paper, pngOf, svgFile } from "./svg-file";
import { themeColour } from "./theme";

export interface Exported {
  readonly title: string;
  /** What is written as JSON. */
  readonly document: unknown;
  /** Names of charts, as `value`, and how they are called. */
  readonly charts: readonly Option[];
  /** An SVG file; undefined: the chart is not drawn now. */
  readonly picture: (chart: string) => string | undefined;
  readonly table: (chart: string) => DataTable | undefined;
  /** An HTML page of its own, for charts that have one. */
  readonly page?: (chart: string) => string | undefined;
  readonly post: (message: Extract<CommonRequest, { type: "export" }>) => void;
}

/** Which chart, and as what: pictures and tables of what is shown, or the whole result. */
export function exportDrawer({
  title,
  document: result,
  charts,
  picture,
  table,
  page,
  post,
}: Exported): TemplateResult {
  const chosen = () => (document.getElementById("export-chart") as VscodeSingleSelect | null)?.value;
  const say = (text: string) => {
    const note = document.getElementById("export-note");
    if (note) note.textContent = text;
  };
  const safe = title.replace(/[\\/:*?"<>|]/g, "_");
  const withPicture = (use: (svg: string, chart: string) => void) => () => {
    const chart = chosen();
    const svg = chart && picture(chart);
    if (svg) use(svg, chart);
    else say("This chart has no picture while it is shown as a table; CSV works.");
  };
  const send = (format: "svg" | "png" | "html" | "csv" | "json", name: string, content: string) => {
    say("");
    post({ type: "export", format, name, content });
  };
  return html`<section class="drawer" aria-label="Export">
    <div class="fields">
      <div class="field">
        <span class="field-label" aria-hidden="true">Chart</span>
        ${select({ id: "export-chart", label: "Chart to export", value: elementAt(charts, 0).value, options: charts, onChange: () => say("") })}
      </div>
      <div class="field row">
        ${button(
          "SVG",
          withPicture((svg, chart) => send("svg", `${safe} ${chart}.svg`, svg)),
        )}
        ${button(
          "PNG",
          withPicture((svg, chart) => {
            pngOf(svg).then(
              (png) => send("png", `${safe} ${chart}.png`, png),
              () => say("The picture could not be drawn; SVG works."),
            );
          }),
        )}
        ${
          page
            ? button("HTML", () => {
                const chart = chosen();
                const content = chart && page(chart);
                if (content) send("html", `${safe} ${chart}.html`, content);
                else say("Only the text can be a page of its own; SVG and PNG work.");
              })
            : nothing
        }
        ${button("CSV", () => {
          const chart = chosen();
          const rows = chart && table(chart);
          if (rows) send("csv", `${safe} ${chart}.csv`, csv(rows));
        })}
      </div>
      <div class="field row">
        ${button("JSON of the whole result", () => send("json", `${title}.json`, JSON.stringify(result, undefined, 2)))}
      </div>
    </div>
    <p class="note" id="export-note" role="status"></p>
  </section>`;
}

/** What an exported picture is drawn on, in the colours of the theme. */
export function paperOf(title: string): Paper {
  return {
    title,
    foreground: themeColour("--vscode-foreground", "#000000"),
    background: themeColour("--vscode-editor-background", "#ffffff"),
  };
}

/** The SVG file of a chart that is shown; undefined where it is not. */
export function shownChart(id: string, title: string): string | undefined {
  const shown = document.querySelector<SVGSVGElement>(`svg[data-chart="${id}"]`);
  return shown ? svgFile(shown, paperOf(title)) : undefined;
}
