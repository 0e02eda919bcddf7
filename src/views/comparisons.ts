import * as vscode from "vscode";

import type { App } from "../editor/app";
import { confirmCost } from "../editor/confirm-cost";
import { runSettings } from "../editor/settings";
import type { Subject } from "../editor/texts";
import type { NamedSet } from "../scoring/protocol";
import { comparisonText } from "./comparison-text";
import type { ResultEntry } from "./results-store";

const SCHEME = "paramscope-comparison";

/** Comparisons of two texts: runs them, and shows their results as read-only documents. */
export class Comparisons implements vscode.TextDocumentContentProvider {
  constructor(private readonly app: () => App) {}

  register(): vscode.Disposable {
    return vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  /** Compares, shows the result and keeps it; progress and "Cancel" are in a notification. */
  async compare(a: Subject, b: Subject): Promise<void> {
    const { models, results } = this.app();
    const settings = { ...runSettings(), model: await models.currentPath() };
    const title = `${a.title} and ${b.title}`;
    const document = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: `Comparing ${title}`, cancellable: true },
      async (report, token) => await this.#run(a, b, settings, report, token),
    );
    const entry = await results.add(document, title, [...a.origins, ...b.origins]);
    await this.show(entry);
  }

  async show({ id, title }: ResultEntry): Promise<void> {
    const name = title.replaceAll("/", "∕");
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}.txt`, query: id });
    await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Beside, preview: false });
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const document = await this.app().results.load(uri.query);
    if (document?.format !== "paramscope.comparison") return "This comparison is not in the history any more.";
    return comparisonText(document).join("\n");
  }

  async #run(
    a: Subject,
    b: Subject,
    settings: ReturnType<typeof runSettings> & { readonly model: string },
    report: vscode.Progress<{ message?: string; increment?: number }>,
    token: vscode.CancellationToken,
  ) {
    const { scoring, status } = this.app();
    const controller = new AbortController();
    token.onCancellationRequested(() => controller.abort());
    const entry = status.begin(() => controller.abort());
    let reported = 0;
    const waiting = { queued: () => report.report({ message: "waiting for the run before it" }) };
    try {
      const [setA, setB] = [named(a), named(b)];
      const cost = await scoring.estimate({ sets: [setA, setB], settings }, waiting, controller.signal);
      if (!(await confirmCost(`Compare ${a.title} with ${b.title}`, cost, settings.memory))) controller.abort();
      const listener = {
        ...waiting,
        progress: (progress: Parameters<typeof entry.update>[0]) => {
          entry.update(progress);
          const { phase, done, layers, share } = progress;
          const message = phase === "backward" ? `layer ${done} of ${layers}` : `reading, layer ${done} of ${layers}`;
          report.report({ message, increment: 100 * (share - reported) });
          reported = share;
        },
      };
      return await scoring.compare({ a: setA, b: setB, settings }, listener, controller.signal);
    } finally {
      entry.end();
    }
  }
}

function named({ title, texts, notes, samples }: Subject): NamedSet {
  return { name: title, texts, notes, samples };
}
