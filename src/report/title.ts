import type { ParamscopeDocument } from "../engine/document/document";
import { nameOfTexts } from "../format/name-of-texts";

/** What a result is of, as the heading of its page: `story.txt`, `a.txt and b.txt`. */
export function titleOf(document: ParamscopeDocument): string {
  switch (document.format) {
    case "paramscope.analysis":
    case "paramscope.neurons":
      return nameOfTexts(document.samples);
    case "paramscope.comparison":
      return `${document.a.name} and ${document.b.name}`;
    case "paramscope.pairs":
      return document.source;
    case "paramscope.domains":
      return document.domains.map(({ name }) => name).join(", ");
    case "paramscope.frequency":
      return "How often weights are active";
    case "paramscope.patching":
      return `${document.a.source} into ${document.b.source}`;
    case "paramscope.pruning":
      return `${document.model.name}, pruned`;
    case "paramscope.calibration":
      return `What to calibrate ${document.model.name} with`;
  }
}
