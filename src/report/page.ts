import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { ModelDescription, ResultDocument } from "../engine/document/document";
import { kindOf } from "../kinds/find-kind";
import { formatCompact, formatCount, formatDuration } from "../format/numbers";
import { jsonEscape, jsonEscaped } from "../format/readable";
import type { ResultState, StateMessage } from "../pages/run";
import { reportElements } from "./elements";
import { Html, html } from "./html";
import { reportStyle } from "./style";
import { reportTable } from "./table";

/**
 * A result as one HTML file that needs nothing else: the page that VS Code shows it in, with its script, its style sheet and
 * the document inside. It loads nothing and sends nothing, which its policy has the browser see to. Where no script runs, it
 * is a table.
 * @param pages the folder of the pages' scripts and style sheets; by default that beside this program.
 */
export function reportPage(result: ResultDocument, pages = join(__dirname, "webview")): string {
  const kind = kindOf(result);
  const title = kind.heading(result);
  // A page is passed on: where the model is on this machine is nobody's business, and a command may say it.
  const document = {
    ...result,
    model: unplaced(result.model),
    run: { ...result.run, command: undefined },
    ...(result.modelB && { modelB: unplaced(result.modelB) }),
  };
  // esbuild has written `</script>` and `</style>` in these so that they end nothing
  const script = readFileSync(join(pages, `${kind.page}.js`), "utf8");
  const style = `${readFileSync(join(pages, `${kind.page}.css`), "utf8")}${reportStyle}`;
  const state: ResultState<ResultDocument> = { phase: "done", title, document, saved: true };
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(script, style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Paramscope ${document.run.version}">
<title>${[title, document.model.name, "Paramscope"].join(" · ")}</title>
<style>${new Html(style)}</style>
</head>
<body>
${withoutScript(document, title)}
<script type="application/json" id="${reportElements.state}">${inScript({ type: "state", state })}</script>
<script>${new Html(script)}</script>
</body>
</html>
`.text;
}

/** Of where the model is, only its last part. */
function unplaced(model: ModelDescription): ModelDescription {
  return { ...model, path: basename(model.path) };
}

/** Allows one script and one style sheet, by what they are, and the pictures that a page draws to export them as PNG. */
function policy(script: string, style: string): string {
  return [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function hashOf(content: string): string {
  return `sha256-${createHash("sha256").update(content).digest("base64")}`;
}

/** JSON in which nothing ends the script that it stands in, begins a comment, or turns the lines of the file around. */
function inScript(message: StateMessage<ResultState<ResultDocument>>): Html {
  return new Html(jsonEscaped(JSON.stringify(message).replace(/[<>&]/g, jsonEscape)));
}

/** What the script takes the place of. */
function withoutScript(document: ResultDocument, title: string): Html {
  const { model, run } = document;
  const facts = [
    model.name,
    `${model.architecture}, ${formatCount(model.layers)} layers, ${formatCompact(model.parameters)} parameters`,
    formatDuration(run.seconds),
  ];
  return html`<main id="${reportElements.withoutScript}">
<header class="head"><div class="facts"><h1>${title}</h1>${facts.map((fact) => html`<span>${fact}</span>`)}</div></header>
${run.notes.length > 0 ? html`<ul class="notes">${run.notes.map((note) => html`<li>${note}</li>`)}</ul>` : html``}
<p class="note">Its charts are drawn by a script, which did not run here.</p>
${reportTable(kindOf(document).readable(document))}
</main>`;
}
