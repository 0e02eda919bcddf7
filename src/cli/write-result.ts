import type { ResultDocument } from "../engine/document/document";
import { writeWhole } from "./output";
import type { RunFlags } from "./run-options";

/**
 * Writes a result into the files that were asked for: the document, and the page that shows it.
 * @throws ParamscopeError where one cannot be written.
 */
export async function writeResult(
  document: ResultDocument,
  { output, report }: Pick<RunFlags, "output" | "report">,
): Promise<void> {
  if (output !== undefined) await writeWhole(output, `${JSON.stringify(document)}\n`);
  if (report === undefined) return;
  const { reportPage } = await import("../report/page");
  await writeWhole(report, reportPage(document));
}
