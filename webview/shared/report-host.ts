import { allowedLink } from "../../src/format/links";
import { reportElements } from "../../src/report/elements";
import type { CommonRequest } from "../../src/pages/run";
import { followColourScheme } from "./colour-scheme";
import { download } from "./download";
import type { Host } from "./host";

/**
 * The host of a report: a page that was opened by itself, with its result written in it (`src/report/page.ts`). It takes the
 * place of what the page shows where no script runs.
 */
export function connectReport<To, From extends { readonly type: string }>(receive: (message: To) => void): Host<From> {
  const written = document.getElementById(reportElements.state)?.textContent;
  if (!written) throw new Error("This page has neither an extension nor a result of its own.");
  const state = JSON.parse(written) as To;
  followColourScheme();
  return {
    inEditor: false,
    post: (message) => {
      const request = message as CommonRequest;
      if (request.type === "ready") {
        document.getElementById(reportElements.withoutScript)?.remove();
        receive(state);
      } else answer(request);
    },
    // A page that is loaded again starts afresh; until then it has its view itself.
    kept: () => undefined,
    keep: () => undefined,
  };
}

/** Everything else that a page says is for an extension: what was chosen in it, it shows by itself. */
function answer(request: CommonRequest): void {
  switch (request.type) {
    case "export":
      download(request);
      break;
    case "openLink": {
      const link = allowedLink(request.url);
      if (link !== undefined) window.open(link, "_blank", "noopener,noreferrer");
      break;
    }
    default:
  }
}
