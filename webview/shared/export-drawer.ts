import type { VscodeSingleSelect } from "@vscode-elements/elements/dist/vscode-single-select/index.js";
import { nothing, type TemplateResult } from "lit";
import { csv } from "../../src/format/csv";
import { fileName } from "../../src/format/readable";
import { elementAt } from "../../src/engine/numbers/elements";
import type { CommonRequest } from "../../src/pages/run";
import { button, option, select } from "./controls";
import type { DataTable } from "./data-table";
import { type Paper, pngOf, svgFile } from "./svg-file";
import { themeColour } from "./theme";
import { html } from "./template";

/** A chart as it can be exported. */
export interface ExportedChart {
  /** What it is called in the list of charts. */
  readonly name: string;
  /** An SVG file of it; undefined where it is not drawn now. */
  readonly picture?: () => string | undefined;
  readonly table: () => DataTable | undefined;
  /** An HTML page of its own, of charts that have one. */
  readonly page?: () => string | undefined;
}

/** What can be exported of a result. */
export interface Exported {
  readonly title: string;
  /** What is written as JSON. */
  readonly document: unknown;
  /** The charts by the names that their files have; undefined for what this result has not. */
  readonly charts: Readonly<Record<string, ExportedChart | undefined>>;
  readonly post: (message: Extract<CommonRequest, { type: "export" }>) => void;
}

/** Which chart, and as what: pictures and tables of what is shown, or the whole result. */
export function exportDrawer({ title, document: result, charts, post }: Exported): TemplateResult {
  const options = Object.entries(charts).flatMap(([value, chart]) => (chart ? [option(value, chart.name)] : []));
  const hasPages = Object.values(charts).some((chart) => chart?.page);
  const chosen = () => {
    const name = (document.getElementById("export-chart") as VscodeSingleSelect | null)?.value ?? "";
    return { name, chart: charts[name] };
  };
  const say = (text: string) => {
    const note = document.getElementById("export-note");
    if (note) note.textContent = text;
  };
  const safe = fileName(title);
  const withPicture = (use: (svg: string, name: string) => void) => () => {
    const { name, chart } = chosen();
    const svg = chart?.picture?.();
    if (svg) use(svg, name);
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
        ${select({ id: "export-chart", label: "Chart to export", value: elementAt(options, 0).value, options, onChange: () => say("") })}
      </div>
      <div class="field row">
        ${button(
          "SVG",
          withPicture((svg, name) => send("svg", `${safe} ${name}.svg`, svg)),
        )}
        ${button(
          "PNG",
          withPicture((svg, name) => {
            pngOf(svg).then(
              (png) => send("png", `${safe} ${name}.png`, png),
              () => say("The picture could not be drawn; SVG works."),
            );
          }),
        )}
        ${
          hasPages
            ? button("HTML", () => {
                const { name, chart } = chosen();
                const content = chart?.page?.();
                if (content) send("html", `${safe} ${name}.html`, content);
                else say("Only the text can be a page of its own; SVG and PNG work.");
              })
            : nothing
        }
        ${button("CSV", () => {
          const { name, chart } = chosen();
          const rows = chart?.table();
          if (rows) send("csv", `${safe} ${name}.csv`, csv(rows));
        })}
      </div>
      <div class="field row">
        ${button("JSON of the whole result", () => send("json", `${safe}.json`, JSON.stringify(result, undefined, 2)))}
      </div>
    </div>
    <p class="note" id="export-note" role="status"></p>
  </section>`;
}

/** What an exported picture says above it: `story.txt · SmolLM2-135M · similarity by layer`. */
export function pictureTitle(
  { title, document }: { readonly title: string; readonly document: { readonly model: { readonly name: string } } },
  what: string,
): string {
  return [title, document.model.name, what].join(" · ");
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
