import { join } from "node:path";

import { readUnrelatedTexts, type UnrelatedTexts } from "../unrelated/unrelated-texts";

/** The samples that come with Paramscope: beside the folder in which this program is. */
export function samplesFolder(): string {
  return join(__dirname, "..", "samples");
}

/** The unrelated texts among them. */
export async function shippedUnrelatedTexts(): Promise<UnrelatedTexts> {
  return await readUnrelatedTexts(join(samplesFolder(), "unrelated"));
}
