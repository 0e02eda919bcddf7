import * as vscode from "vscode";

import type { PromptPlace } from "../editor/prompts/prompt-place";
import { promptLanguages, promptsOf } from "../editor/prompts/prompts";
import type { Span } from "../editor/prompts/span";
import { codeLens } from "../editor/said";
import { setting } from "../editor/settings";
import { isUsers } from "../editor/users-texts";
import type { NextTokens } from "../engine/run/next-token";
import { nextTokenInWords, nextTokensInWords } from "../format/next-tokens";
import type { Subject } from "../kinds/asked";
import type { Models } from "../editor/models";
import type { Host } from "../kinds/kind";
import type { ScoringClient } from "../wire/client";
import type { PromptA } from "./prompt-a";

/** The most predictions that are kept: those of texts that were not changed since. */
const MOST_KEPT = 50;

/** What lenses need of the app. */
interface Around extends Pick<Host, "begin" | "settings"> {
  readonly scoring: Pick<ScoringClient, "nextTokens">;
  readonly models: Pick<Models, "currentName" | "onDidChange">;
  readonly promptA: Pick<PromptA, "subject" | "onDidChange">;
}

/** What is known of a prompt's next token. */
type Prediction = { readonly model: string } & ({ readonly next: NextTokens } | { readonly isRunning: true });

/** Above each prompt of a text: its next token, explaining it, comparing it with prompt A. Nothing is run before a click. */
export class PromptLenses implements vscode.CodeLensProvider {
  readonly #app: () => Around;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;
  /** By the prompt's text. */
  readonly #predictions = new Map<string, Prediction>();

  /** @param app read when a text is shown, not before. */
  constructor(app: () => Around) {
    this.#app = app;
  }

  register(): vscode.Disposable {
    const { promptA, models } = this.#app();
    const languages = promptLanguages.map((language) => ({ language }));
    const cells = { notebookType: "*", language: "plaintext" };
    return vscode.Disposable.from(
      this.#changed,
      vscode.languages.registerCodeLensProvider([...languages, cells, { pattern: "**/*.{prompt,prompty}" }], this),
      promptA.onDidChange(() => this.#changed.fire()),
      models.onDidChange(() => this.#forget()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        // how a text is read, or which prompts are marked
        if (event.affectsConfiguration("paramscope")) this.#forget();
      }),
    );
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const { uri, languageId } = document;
    if (!isUsers(uri)) return [];
    const text = document.getText();
    const isCell = uri.scheme === "vscode-notebook-cell";
    const groups = {
      prompts: setting("codeLens.prompts"),
      code: setting("codeLens.code"),
      notebooks: setting("codeLens.notebooks"),
    };
    const source = { language: languageId, path: uri.path, isCell, text };
    return promptsOf(source, groups).flatMap((span) => {
      const place: PromptPlace = { uri: uri.toString(), from: span.from, to: span.to };
      const start = document.positionAt(span.at);
      const range = new vscode.Range(start, start);
      return this.#lenses(text, span).map((lens) =>
        codeLens(range, { ...lens, tooltip: `Paramscope: ${lens.tooltip}`, arguments: [place] }),
      );
    });
  }

  /** Asks the model what it expects behind a prompt, and shows it there. */
  async predict({ texts: [text] }: Subject): Promise<void> {
    if (!text || this.#isRunning(text.text)) return;
    const app = this.#app();
    const model = app.models.currentName;
    const controller = new AbortController();
    const running = app.begin(() => controller.abort());
    const started: Prediction = { model, isRunning: true };
    this.#keep(text.text, started);
    try {
      const settings = await app.settings(undefined, "The next token");
      const progress = { progress: running.update.bind(running) };
      const next = await app.scoring.nextTokens({ text, settings }, progress, controller.signal);
      // a model that was chosen meanwhile may expect something else
      if (this.#predictions.get(text.text) === started) this.#keep(text.text, { model, next });
    } finally {
      running.end();
      if (this.#predictions.get(text.text) === started) {
        this.#predictions.delete(text.text);
        this.#changed.fire();
      }
    }
  }

  #lenses(text: string, { from, to }: Span) {
    const prompt = text.slice(from, to);
    const { subject } = this.#app().promptA;
    return [
      this.#nextToken(prompt),
      {
        title: "Explain",
        tooltip: "which layers, matrices and words the prediction behind this prompt draws on",
        command: "paramscope.explainPrompt",
      },
      ...(!subject
        ? [{ title: "Mark as prompt A", tooltip: "compare others with this prompt", command: "paramscope.markPrompt" }]
        : subject.texts.some((marked) => marked.text === prompt)
          ? []
          : [
              {
                title: "Compare with prompt A",
                tooltip: `how alike this prompt and ${subject.title} are to the model`,
                command: "paramscope.comparePrompt",
              },
            ]),
    ];
  }

  #nextToken(prompt: string) {
    const command = "paramscope.predictNext";
    const known = this.#predictions.get(prompt);
    if (!known)
      return { title: "Next token", tooltip: "what the model expects behind this prompt; reads it once", command };
    if ("isRunning" in known)
      return { title: "Next token: reading…", tooltip: "the status bar has a click to cancel", command };
    return { title: nextTokenInWords(known.next), tooltip: nextTokensInWords(known.next, known.model), command };
  }

  #isRunning(prompt: string): boolean {
    const known = this.#predictions.get(prompt);
    return known !== undefined && "isRunning" in known;
  }

  #keep(prompt: string, prediction: Prediction): void {
    this.#predictions.delete(prompt);
    this.#predictions.set(prompt, prediction);
    for (const oldest of this.#predictions.keys()) {
      if (this.#predictions.size <= MOST_KEPT) break;
      this.#predictions.delete(oldest);
    }
    this.#changed.fire();
  }

  #forget(): void {
    this.#predictions.clear();
    this.#changed.fire();
  }
}
