import * as z from "zod";

import type { Asked } from "../kinds/asked";
import { findKind } from "../kinds/find-kind";
import * as parts from "../kinds/parts";

/* Loaded when a panel is restored: building schemas would be most of the time in which the extension is activated. */

const schema = z.object({ format: z.string(), asked: z.unknown(), modelName: z.string() });

/** What a panel was running, with all that is needed to run it again. */
export interface UnfinishedRun {
  readonly format: string;
  /** What its kind takes. */
  readonly asked: Asked;
  readonly modelName: string;
}

/** @throws when the text is no such run. */
export function parseUnfinishedRun(json: string): UnfinishedRun {
  const { format, asked, modelName } = schema.parse(JSON.parse(json));
  const running = findKind(format)?.run;
  if (running === undefined) throw new Error(`there is no kind of runs ${format}`);
  return { format, asked: running.asked(parts).parse(asked), modelName };
}
