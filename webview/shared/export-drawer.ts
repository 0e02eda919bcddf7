import type { VscodeSingleSelect } from "@vscode-elements/elements/dist/vscode-single-select/index.js";
import { nothing, type TemplateResult } from "lit";
import { csv } from "../../src/format/csv";
import { elementAt } from "../../src/engine/numbers/elements";
import type { CommonRequest } from "../../src/pages/run";
import { button, option, select } from "./controls";
import type { DataTable } from "./data-table";
import { exportName } from "./export-name";
import { pngOf, type Print, type Printed, svgOf } from "./print";
import { loadPrintFont } from "./print-font";
import { type PrintSize, printSizes, type PrintSizeName } from "./print-size";
import { html } from "./template";

/** A chart as it can be exported. */
export interface ExportedChart {
  /** What it is called in the list of charts. */
  readonly name: string;
  /** As it is printed; undefined where there is none of it now. */
  readonly picture?: (print: Print) => Printed | undefined;
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

const firstSize: PrintSizeName = "85mm";
const widths = Object.entries(printSizes).map(([name, { label }]) => option(name, label));

function chosenSize(): PrintSizeName {
  const chosen = (document.getElementById("export-width") as VscodeSingleSelect | null)?.value;
  return (Object.keys(printSizes) as PrintSizeName[]).find((name) => name === chosen) ?? firstSize;
}

/** Which chart, and as what: pictures and tables of what is shown, or the whole result. */
export function exportDrawer({ title, document: result, charts, post }: Exported): TemplateResult {
  // so that a picture is there at once when it is asked for
  void loadPrintFont();
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
  const withPicture =
    (format: "svg" | "png", use: (svg: string, size: PrintSize) => string | Promise<string>) => async () => {
      const { name, chart } = chosen();
      const wide = chosenSize();
      const size = printSizes[wide];
      try {
        const svg = chart?.picture && (await svgOf(chart.picture, size));
        if (svg === undefined) say("This chart has no picture; CSV works.");
        else send(format, `${exportName(title, name, wide)}.${format}`, await use(svg, size));
      } catch (error) {
        if (format === "svg") throw error;
        say("The picture could not be drawn; SVG works.");
      }
    };
  const send = (format: "svg" | "png" | "html" | "csv" | "json", name: string, content: string) => {
    say("");
    post({ type: "export", format, name, content });
  };
  const asSvg = withPicture("svg", (svg) => svg);
  const asPng = withPicture("png", pngOf);
  return html`<section class="drawer" aria-label="Export">
    <div class="fields">
      <div class="field">
        <span class="field-label" aria-hidden="true">Chart</span>
        ${select({ id: "export-chart", label: "Chart to export", value: elementAt(options, 0).value, options, onChange: () => say("") })}
      </div>
      <div class="field">
        <span class="field-label" aria-hidden="true">Width of pictures</span>
        ${select({ id: "export-width", label: "Width of pictures", value: firstSize, options: widths, onChange: () => say("") })}
      </div>
      <div class="field row">
        ${button("SVG", () => void asSvg())} ${button("PNG", () => void asPng())}
        ${
          hasPages
            ? button("HTML", () => {
                const { name, chart } = chosen();
                const content = chart?.page?.();
                if (content) send("html", `${exportName(title, name)}.html`, content);
                else say("Only the text can be a page of its own; SVG and PNG work.");
              })
            : nothing
        }
        ${button("CSV", () => {
          const { name, chart } = chosen();
          const rows = chart?.table();
          if (rows) send("csv", `${exportName(title, name)}.csv`, csv(rows));
        })}
      </div>
      <div class="field row">
        ${button("JSON of the whole result", () => send("json", `${exportName(title, "result")}.json`, JSON.stringify(result, undefined, 2)))}
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
