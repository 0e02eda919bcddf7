import type { AnalysisDocument, FrequencyDocument } from "../../engine/document/document";
import { finding } from "../../format/finding";
import { activeText } from "../render/analysis";
import { frequencyLines } from "../render/frequency";
import { headLine } from "../render/head";
import { shortNames } from "../../format/matrix-names";
import { formatCompact, formatCount, formatDensity, formatExponential, formatNumber } from "../../format/numbers";
import { plain } from "../terminal/style";
import { Html, html } from "./html";
import { sampleText } from "./sample-text";
import { styleSheet } from "./style";

/** How many of the strongest weights of the whole model are listed. */
const strongestShown = 20;

/** A page that stands for itself: no script, nothing loaded from elsewhere. */
export function reportPage(document: AnalysisDocument, frequency: FrequencyDocument | undefined): string {
  const title = headLine(document);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <meta name="generator" content="Paramscope ${document.run.version}" />
        <title>${title}</title>
        <style>
          ${new Html(styleSheet)}
        </style>
      </head>
      <body>
        <h1>${title}</h1>
        <p class="dim">Active: ${activeText(document)} of ${formatCompact(document.model.scored)} weights.</p>
        ${document.run.notes.map((note) => html`<p class="dim">${note}</p>`)} ${layerSection(document)}
        ${matrixSection(document)} ${strongestSection(document)} ${frequencySection(frequency)} ${textSection(document)}
        ${runSection(document)}
      </body>
    </html> `;
  return page.text;
}

function layerSection({ layers }: AnalysisDocument): Html {
  const highest = layers.reduce((max, { density }) => Math.max(max, density), 0);
  const rows = layers.map(
    ({ layer, density, sum, parameters }) =>
      html`<tr>
        <th scope="row">${layer}</th>
        <td>${formatDensity(density)}</td>
        <td class="bar"><span style="width:${((100 * density) / (highest || 1)).toFixed(1)}%"></span></td>
        <td>${formatExponential(parameters > 0 ? sum / parameters : 0)}</td>
        <td>${formatCompact(parameters)}</td>
      </tr> `,
  );
  return html`<h2>Layers</h2>
    <div class="scroll">
      <table>
        <caption>
          Density: the share of a layer's weights that are active. Layer 0 is the shallowest.
        </caption>
        <thead>
          <tr>
            <th scope="col">layer</th>
            <th scope="col">density</th>
            <td></td>
            <th scope="col">mean activation</th>
            <th scope="col">weights</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
    <p>${finding(layers)}</p>`;
}

function matrixSection({ layers }: AnalysisDocument): Html {
  const names = [...new Set(layers.flatMap(({ modules }) => modules.map(({ name }) => name)))];
  const titles = shortNames(names);
  const highest = layers.flatMap(({ modules }) => modules).reduce((max, { density }) => Math.max(max, density), 0);
  const rows = layers.map(({ layer, modules }) => {
    const cells = names.map((name) => {
      const module = modules.find((candidate) => candidate.name === name);
      if (module === undefined) return html`<td></td>`;
      const share = highest > 0 ? module.density / highest : 0;
      return html`<td style="--share:${share.toFixed(3)}">${formatDensity(module.density)}</td>`;
    });
    return html`<tr>
      <th scope="row">${layer}</th>
      ${cells}
    </tr> `;
  });
  const head = names.map((name, index) => html`<th scope="col" title="${name}">${titles[index]}</th>`);
  return html`<h2>Matrices</h2>
    <div class="scroll">
      <table class="heat">
        <caption>
          Density of each matrix.
        </caption>
        <thead>
          <tr>
            <th scope="col">layer</th>
            ${head}
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`;
}

function strongestSection({ layers }: AnalysisDocument): Html {
  const all = layers.flatMap(({ layer, modules }) =>
    modules.flatMap(({ name, top }) => top.map((t) => ({ layer, name, ...t }))),
  );
  const rows = all
    .sort((a, b) => b.value - a.value)
    .slice(0, strongestShown)
    .map(
      ({ layer, name, row, column, value, weight }) =>
        html`<tr>
          <td>${layer}</td>
          <td class="left">${name}</td>
          <td>${row}</td>
          <td>${column}</td>
          <td>${formatExponential(value)}</td>
          <td>${formatNumber(weight)}</td>
        </tr> `,
    );
  if (rows.length === 0) return html``;
  return html`<h2>Strongest weights</h2>
    <div class="scroll">
      <table>
        <caption>
          Rows are outputs, columns inputs.
        </caption>
        <thead>
          <tr>
            <th scope="col">layer</th>
            <th scope="col" class="left">matrix</th>
            <th scope="col">row</th>
            <th scope="col">column</th>
            <th scope="col">activation</th>
            <th scope="col">weight</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`;
}

function frequencySection(frequency: FrequencyDocument | undefined): Html {
  if (frequency === undefined) return html``;
  return html`<h2>Frequency</h2>
    <pre class="scroll">${frequencyLines(frequency, plain).join("\n")}</pre>`;
}

function textSection({ samples, target }: AnalysisDocument): Html {
  const texts = samples.map((sample) => {
    const { source, targetToken, targetValue, tokens } = sample;
    const token = targetToken === null ? "" : ` · ${JSON.stringify(targetToken.text)}`;
    const head = `${source} · ${formatCount(tokens.length)} tokens · ${target} ${formatNumber(targetValue)}${token}`;
    return html`<details${new Html(samples.length === 1 ? " open" : "")}><summary>${head}</summary><p class="text">${sampleText(sample)}</p></details>
`;
  });
  return html`<h2>Text</h2>
    <p class="dim">The stronger a word is tinted, the more the answer depends on it (token saliency).</p>
    ${texts}`;
}

function runSection({ model, run, target }: AnalysisDocument): Html {
  const rows = [
    [
      "Model",
      `${model.name} (${model.architecture}, ${model.layers} layers, ${formatCompact(model.parameters)} parameters)`,
    ],
    ["Target", target],
    ["Runtime", run.runtime],
    ["Paramscope", run.version],
  ].map(
    ([name, value]) =>
      html`<dt>${name}</dt>
        <dd>${value}</dd>`,
  );
  return html`<h2>Run</h2>
    <dl>${rows}</dl>`;
}
