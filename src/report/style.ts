import { type Colours, darkColours, lightColours } from "./colours";

/**
 * What VS Code gives a page beside its own style sheet: fonts, and the colours of a light or a dark theme, as the reader's
 * system is. On paper all of a result is there, without what is only for a screen, and light.
 */
export const reportStyle = `
:root { color-scheme: light; --vscode-font-family: system-ui, sans-serif; --vscode-font-size: 14px;
  --vscode-editor-font-family: ui-monospace, monospace; --vscode-editor-font-size: 14px; ${declarations(lightColours)} }
@media screen and (prefers-color-scheme: dark) { :root { color-scheme: dark; ${declarations(darkColours)} } }
main { box-sizing: border-box; margin: 0 auto; }
@media print {
  .actions, .explanation, .table-head, .section > header vscode-toolbar-button, vscode-button { display: none; }
  .tokens, .table-scroll { max-height: none; overflow: visible; }
  .columns:has(.table-scroll) { grid-template-columns: minmax(0, 1fr); }
  .section { break-inside: avoid; }
  thead th { position: static; }
  svg, canvas, .token, .ramp { print-color-adjust: exact; }
}
`;

function declarations(colours: Colours): string {
  return Object.entries(colours)
    .map(([name, value]) => `${name}: ${value};`)
    .join(" ");
}
