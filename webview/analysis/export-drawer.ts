import type { VscodeSingleSelect } from "@vscode-elements/elements/dist/vscode-single-select/index.js";
import { html, type TemplateResult } from "lit";
import { formatNumber } from "../../src/format/numbers";
import { button, option, select } from "../shared/controls";
import { csv } from "../shared/csv";
import type { DataTable } from "../shared/data-table";
import { heatMapSvg } from "../shared/heat-map-svg";
import { pngOf, svgFile } from "../shared/svg-file";
import { themeColour } from "../shared/theme";
import { layersChart, layersTable } from "./layers";
import { matricesHeatMap, matricesTable } from "./matrices";
import { matrixTable, openedMatrix } from "./matrix";
import { measureNames } from "./measures";
import type { Panel } from "./panel";
import { shownSample, textTable } from "./text";
import type { ChartName } from "./view-state";

/** Which chart, and as what: pictures and tables of what is shown, or the whole result. */
export function exportDrawer(panel: Panel): TemplateResult {
  const charts = panel.view.opened
    ? [option("matrix", "This matrix"), option("text", "Text (table only)")]
    : [option("layers", "Layers"), option("matrices", "Matrices"), option("text", "Text (table only)")];
  const chosen = () =>
    (document.getElementById("export-chart") as VscodeSingleSelect | null)?.value as ChartName | undefined;
  const say = (text: string) => {
    const note = document.getElementById("export-note");
    if (note) note.textContent = text;
  };
  const file = (chart: ChartName) => `${panel.title.replace(/[\\/:*?"<>|]/g, "_")} ${chart}`;
  const withPicture = (use: (svg: string, chart: ChartName) => void) => () => {
    const chart = chosen();
    const svg = chart && pictureOf(panel, chart);
    if (svg) use(svg, chart);
    else say("This chart has no picture while it is shown as a table; CSV works.");
  };
  const send = (format: "svg" | "png" | "csv" | "json", name: string, content: string) => {
    say("");
    panel.post({ type: "export", format, name, content });
  };
  return html`<section class="drawer" aria-label="Export">
    <div class="fields">
      <div class="field">
        <span class="field-label" aria-hidden="true">Chart</span>
        ${select({ id: "export-chart", label: "Chart to export", value: charts[0].value, options: charts, onChange: () => say("") })}
      </div>
      <div class="field row">
        ${button(
          "SVG",
          withPicture((svg, chart) => send("svg", `${file(chart)}.svg`, svg)),
        )}
        ${button(
          "PNG",
          withPicture((svg, chart) => {
            pngOf(svg).then(
              (png) => send("png", `${file(chart)}.png`, png),
              () => say("The picture could not be drawn; SVG works."),
            );
          }),
        )}
        ${button("CSV", () => {
          const chart = chosen();
          const table = chart && tableOf(panel, chart);
          if (table) send("csv", `${file(chart)}.csv`, csv(table));
        })}
      </div>
      <div class="field row">
        ${button("JSON of the whole result", () =>
          send("json", `${panel.title}.json`, JSON.stringify(panel.document, undefined, 2)),
        )}
      </div>
    </div>
    <p class="note" id="export-note" role="status"></p>
  </section>`;
}

function pictureOf(panel: Panel, chart: ChartName): string | undefined {
  const paper = {
    title: pictureTitle(panel, chart),
    foreground: themeColour("--vscode-foreground", "#000000"),
    background: themeColour("--vscode-editor-background", "#ffffff"),
  };
  if (chart === "matrices") return heatMapSvg(matricesHeatMap(panel, 640).map, paper);
  const id = chart === "layers" ? layersChart : chart === "matrix" ? "matrix-histogram" : undefined;
  const shown = id && document.querySelector<SVGSVGElement>(`svg[data-chart="${id}"]`);
  return shown ? svgFile(shown, paper) : undefined;
}

/** `story.txt · SmolLM2-135M · density of layers, |w·∂y/∂w| ≥ 3.1e-7` */
function pictureTitle(panel: Panel, chart: ChartName): string {
  const { title, document, activity, view } = panel;
  const threshold = `|w·∂y/∂w| ≥ ${formatNumber(activity.tau)}`;
  const opened = chart === "matrix" ? openedMatrix(panel) : undefined;
  const measure = measureNames[view.measure];
  const what = opened
    ? `layer ${opened.layer} ${opened.title}, weights by activation`
    : chart === "matrices"
      ? view.measure === "density"
        ? `${measure.toLowerCase()} of matrices in %, ${threshold}`
        : `${measure} of matrices`
      : `density of layers, ${threshold}`;
  return [title, document.model.name, what].join(" · ");
}

function tableOf(panel: Panel, chart: ChartName): DataTable | undefined {
  switch (chart) {
    case "layers":
      return layersTable(panel);
    case "matrices":
      return matricesTable(panel);
    case "matrix": {
      const opened = openedMatrix(panel);
      return opened && matrixTable(opened);
    }
    case "profile":
      return undefined;
    case "text": {
      const sample = shownSample(panel);
      return sample && textTable(sample);
    }
  }
}
