import { ParamscopeError } from "../engine/errors";
import type { App } from "../views/app";
import type { Subject } from "../kinds/asked";
import { comparing, comparisonKind } from "../kinds/comparison";
import type { ResultEntry } from "../views/results-store";
import { analysisKind } from "../kinds/analysis";
import { isOf } from "../kinds/kind";
import { showPick, showWarning } from "../editor/said";

/** Opens a result of the history again. */
export async function openResult(app: App, entry: ResultEntry): Promise<void> {
  if (await app.open(entry)) return;
  throw new ParamscopeError(`The result of ${entry.title} is not there any more`, "Run it again.");
}

/** Compares the texts of two results of the history: those that are selected in the side bar, or asked for. */
export async function compareResults(app: App, clicked?: ResultEntry, selected?: ResultEntry[]): Promise<void> {
  const entries = selected ?? (clicked ? [clicked] : await chooseTwo(app));
  if (!entries) return;
  const [a, b] = entries;
  if (a === undefined || b === undefined || entries.length > 2) {
    throw new ParamscopeError("Two results are needed for a comparison", "Select exactly two analyses.");
  }
  await app.run(comparisonKind, comparing(await sideOf(app, a), await sideOf(app, b)));
}

/** Deletes results of the history, once the user is sure of several. */
export async function deleteResult(app: App, clicked: ResultEntry, chosen?: ResultEntry[]): Promise<void> {
  const entries = chosen ?? [clicked];
  if (entries.length > 1) {
    const question = `Delete ${entries.length} results?`;
    if ((await showWarning(question, { modal: true }, "Delete")) !== "Delete") return;
  }
  for (const { id } of entries) await app.results.delete(id);
}

async function chooseTwo(app: App): Promise<ResultEntry[] | undefined> {
  const analyses = (await app.results.entries()).filter(({ format }) => format === analysisKind.format);
  if (analyses.length < 2)
    throw new ParamscopeError("There are no two results to compare yet", "Analyze two texts first.");
  const choose = async (title: string, entries: readonly ResultEntry[]): Promise<ResultEntry | undefined> => {
    const items = entries.map((entry) => ({
      label: entry.title,
      description: [entry.model, entry.target, new Date(entry.time).toLocaleString()].join(" · "),
      entry,
    }));
    return (await showPick(items, { title, matchOnDescription: true }))?.entry;
  };
  const a = await choose("Compare activations of results: A", analyses);
  if (!a) return undefined;
  const b = await choose(
    `Compare ${a.title} with: B`,
    analyses.filter(({ id }) => id !== a.id),
  );
  return b && [a, b];
}

async function sideOf(app: App, { id, title, origins }: ResultEntry): Promise<Subject> {
  const document = await app.results.load(id);
  if (!isOf(analysisKind, document))
    throw new ParamscopeError(`The result ${title} holds no texts to compare`, "Select two analyses.");
  const { model, run, samples } = document;
  return { title, texts: [], notes: run.notes, origins, samples, model };
}
