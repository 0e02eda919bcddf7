import { stat } from "node:fs/promises";

import type { AskedTasks } from "../engine/api";
import { readTasks } from "../engine/tasks/read-tasks";
import { readTextFile } from "../engine/text/read";

/**
 * The questions of a file, the first of them where there are more than are wanted. PIQA has the right answers in a file beside: `train-labels.lst` of `train.jsonl`.
 * @throws ParamscopeError where it cannot be read, or holds no questions.
 */
export async function askedTasks(path: string, most: number | undefined): Promise<AskedTasks> {
  const beside = path.replace(/\.jsonl$/, "-labels.lst");
  const hasLabels = beside !== path && (await stat(beside).catch(() => undefined))?.isFile() === true;
  const labels = hasLabels ? await readTextFile(beside) : undefined;
  const { format, items } = readTasks(await readTextFile(path), path, labels);
  return { source: path, format, items: items.slice(0, most) };
}
