import * as vscode from "vscode";

import { runnableKinds } from "../kinds/find-kind";
import type { KindTypes, RunnableKind } from "../kinds/kind";
import type { App } from "./app";
import type { ResultEntry } from "./results-store";
import { RunPanels } from "./run-panels";

/** The panels of all kinds of runs. */
export class Panels {
  /** By the format of their documents. */
  readonly #panels: ReadonlyMap<string, RunPanels<KindTypes>>;

  constructor(app: () => App) {
    this.#panels = new Map(runnableKinds().map((kind) => [kind.format, new RunPanels(app, kind)]));
  }

  register(): vscode.Disposable {
    return vscode.Disposable.from(...[...this.#panels.values()].map((panels) => panels.register()));
  }

  /** Runs in the panel of that title, a new one where there is none. */
  async run<T extends KindTypes>(kind: RunnableKind<T>, asked: T["asked"]): Promise<void> {
    const panels = this.#panels.get(kind.format);
    if (panels === undefined) throw new Error(`the kind ${kind.format} is not in the list`);
    await panels.run(asked);
  }

  /** Opens a result of the history; false when it is not there any more. */
  async show(entry: ResultEntry): Promise<boolean> {
    return (await this.#panels.get(entry.format)?.show(entry)) ?? false;
  }
}
