import * as z from "zod";

import { analysisDocument } from "../engine/document/analysis";
import { origin, text } from "../kinds/parts";

/* Loaded when the preview is shown for the first time: building schemas would be most of the time in which the extension is activated. */

const schema = z.object({
  title: z.string(),
  origins: z.array(origin),
  calibration: analysisDocument,
  /** The result in the history, and what else its curve takes. */
  evaluated: z.object({ id: z.string(), text, windows: z.number() }).optional(),
});

/** What the compression preview shows, but for what can be computed from it or is in the history. */
export type KeptPreview = z.infer<typeof schema>;

/** @throws when the text is no such preview. */
export function parseKeptPreview(json: string): KeptPreview {
  return schema.parse(JSON.parse(json));
}
