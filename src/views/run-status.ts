import * as vscode from "vscode";

import type { Models } from "../editor/models";
import { formatDuration } from "../format/numbers";
import type { RunningEntry } from "../kinds/kind";
import type { RunProgress } from "../pages/run";
import { said } from "../editor/said";

/** A bar whose words change faster can't be read, and takes the window's time from the view that is being opened. */
const REDRAW_MILLISECONDS = 250;

/** The status bar, once the user has asked Paramscope for something: which model is chosen, and what is running. */
export class RunStatus {
  readonly #item: vscode.StatusBarItem;
  readonly #running = new Map<symbol, { readonly cancel: () => void; text: string }>();
  #redraw: NodeJS.Timeout | undefined;

  readonly #models: Models;

  constructor(context: vscode.ExtensionContext, models: Models) {
    this.#models = models;
    this.#item = vscode.window.createStatusBarItem("paramscope.status", vscode.StatusBarAlignment.Right, 50);
    this.#item.name = "Paramscope";
    context.subscriptions.push(
      this.#item,
      models.onDidChange(() => this.#draw()),
    );
  }

  /** A file that was opened may have woken the extension: it is to be seen once it is used. */
  show(): void {
    this.#draw();
    this.#item.show();
  }

  begin(cancel: () => void): RunningEntry {
    const key = Symbol();
    this.#running.set(key, { cancel, text: "starting" });
    this.#item.show();
    this.#changed();
    return {
      update: (progress) => {
        const entry = this.#running.get(key);
        if (!entry) return;
        entry.text = words(progress);
        this.#redraw ??= setTimeout(() => this.#draw(), REDRAW_MILLISECONDS);
      },
      end: () => {
        if (this.#running.delete(key)) this.#changed();
      },
    };
  }

  /** Ends everything that runs or waits. */
  cancelAll(): void {
    for (const { cancel } of [...this.#running.values()].reverse()) cancel();
  }

  #changed(): void {
    void vscode.commands.executeCommand("setContext", "paramscope.running", this.#running.size > 0);
    this.#draw();
  }

  #draw(): void {
    clearTimeout(this.#redraw);
    this.#redraw = undefined;
    const model = said(this.#models.currentName, 100);
    const [first] = this.#running.values();
    this.#item.text = first ? `$(sync~spin) ${model}: ${first.text}` : `$(layers) ${model}`;
    this.#item.command = first ? "paramscope.cancel" : "paramscope.chooseModel";
    this.#item.tooltip = first
      ? `Paramscope: ${this.#running.size > 1 ? `${this.#running.size} runs, ` : ""}click to cancel`
      : `Paramscope: the model that texts are run through is ${model}; click to choose another`;
  }
}

function words({ phase, of, done, layers, secondsLeft }: RunProgress): string {
  const left = secondsLeft === undefined ? "" : `, ${formatDuration(secondsLeft)} left`;
  if (of !== undefined) return `measuring ${of}${left}`;
  switch (phase) {
    case "queued":
      return "waiting";
    case "starting":
      return "starting";
    case "forward":
      return `reading ${done} of ${layers}${left}`;
    case "head":
      return `predicting${left}`;
    case "prune":
      return `pruning layer ${done} of ${layers}${left}`;
    case "evaluate":
      return `evaluating ${done} of ${layers}${left}`;
    case "continue":
      return `continuing a prompt${left}`;
    case "answer":
      return `answering ${done} of ${layers}${left}`;
    case "write":
      return `writing the model${left}`;
    case "patch":
      return `patching layer ${done} of ${layers}${left}`;
    case "backward":
      return `layer ${done} of ${layers}${left}`;
  }
}
