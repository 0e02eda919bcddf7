import type { TemplateResult } from "lit";
import type { PatchingDocument } from "../../src/engine/document/document";
import { quoted } from "../../src/format/model-words";
import { formatShare } from "../../src/format/numbers";
import { svg, html } from "../shared/template";

/** The likeliest next tokens of one run, under a title. */
export interface NextTokens {
  readonly title: string;
  readonly tokens: PatchingDocument["a"]["nextTokens"];
}

interface NextTokensChart {
  readonly id: string;
  readonly groups: readonly NextTokens[];
  /** Marked where they are among the tokens. */
  readonly answers: PatchingDocument["answers"];
  readonly width: number;
}

const rowHeight = 20;
const [titleHeight, wordWidth, figureWidth, gap] = [22, 110, 44, 24];

/** Bars of the likeliest next tokens, a group beside the other, or below it where the view is narrow. */
export function nextTokensChart({ id, groups, answers, width }: NextTokensChart): TemplateResult {
  const across = width >= 560 ? groups.length : 1;
  const groupWidth = (width - gap * (across - 1)) / across;
  const rows = Math.max(...groups.map(({ tokens }) => tokens.length));
  const groupHeight = titleHeight + rows * rowHeight + 8;
  const highest = Math.max(...groups.flatMap(({ tokens }) => tokens.map(({ probability }) => probability)));
  const room = groupWidth - wordWidth - figureWidth;
  const markOf = (id: number) => (id === answers.a.id ? "A" : id === answers.b.id ? "B" : "");
  return html`<svg
    class="chart next"
    role="img"
    aria-label=${groups.map(({ title, tokens }) => `${title}: ${tokens.map((token) => `${quoted(token.text)} ${formatShare(token.probability)}`).join(", ")}`).join("; ")}
    data-chart=${id}
    width=${width}
    height=${groupHeight * Math.ceil(groups.length / across)}
  >
    ${groups.map(({ title, tokens }, g) => {
      const x = (g % across) * (groupWidth + gap);
      const y = Math.floor(g / across) * groupHeight;
      return svg`<g transform="translate(${x} ${y})">
        <text class="label" x="0" y="10">${title}</text>
        ${tokens.map(({ id: token, text, probability }, i) => {
          const middle = titleHeight + (i + 0.5) * rowHeight;
          const length = highest > 0 ? (room * probability) / highest : 0;
          return svg`<text x="0" y=${middle} font-weight="600">${markOf(token)}</text>
            <text x="14" y=${middle}>${shortened(quoted(text))}</text>
            <rect class="fill" x=${wordWidth} y=${middle - 6} width=${length} height="12"></rect>
            <text x=${wordWidth + length + 4} y=${middle}>${formatShare(probability)}</text>`;
        })}
      </g>`;
    })}
  </svg>`;
}

function shortened(text: string): string {
  const characters = [...text];
  return characters.length > 14 ? `${characters.slice(0, 13).join("")}…` : text;
}
