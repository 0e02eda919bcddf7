import { posix } from "node:path";
import { setImmediate } from "node:timers/promises";
import * as vscode from "vscode";

import type { ParamscopeDocument } from "../engine/document/document";
import { ParamscopeError } from "../engine/errors";
import type { App } from "../editor/app";
import {
  calibrationPage,
  type CalibrationTypes,
  comparisonKind,
  domainsKind,
  frequencyKind,
  neuronsPage,
  type NeuronsTypes,
  pairsKind,
  patchingKind,
  pruningKind,
} from "./panel-kinds";
import type { ComparisonTypes } from "./comparison-run";
import type { DomainsTypes } from "./domains-run";
import type { FrequencyTypes } from "./frequency-run";
import type { PairsTypes } from "./pairs-run";
import type { PatchingTypes } from "./patching-run";
import type { PruningTypes } from "./pruning-run";
import { SavedAnalysis } from "./saved-analysis";
import type { SavedFile, SavedPage } from "./saved-page";
import { SavedResult } from "./saved-result";
import type { ShownResult } from "./shown-results";

const REDRAW_MILLISECONDS = 300;

/** Shows a `*.paramscope` file as the panel showed it when it was saved; changes nothing in it. */
export class SavedEditor implements vscode.CustomTextEditorProvider {
  constructor(private readonly app: () => App) {}

  register(): vscode.Disposable {
    return vscode.window.registerCustomEditorProvider("paramscope.saved", this, {
      supportsMultipleEditorsPerDocument: true,
    });
  }

  async resolveCustomTextEditor(document: vscode.TextDocument, panel: vscode.WebviewPanel): Promise<void> {
    const shown = new SavedView(this.app(), document, panel);
    this.app().shown.add(shown);
    let timer: NodeJS.Timeout | undefined;
    const changes = vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document !== document || event.contentChanges.length === 0) return;
      clearTimeout(timer);
      timer = setTimeout(() => void shown.draw(), REDRAW_MILLISECONDS);
    });
    panel.onDidDispose(() => {
      clearTimeout(timer);
      changes.dispose();
    });
    await shown.draw();
  }
}

type Place = [app: App, panel: vscode.WebviewPanel, file: SavedFile];

/** The pages of all kinds of documents. */
const pages = {
  "paramscope.analysis": (...place: Place) => new SavedAnalysis(...place),
  "paramscope.comparison": (...place: Place) => new SavedResult<ComparisonTypes>(...place, comparisonKind),
  "paramscope.pairs": (...place: Place) => new SavedResult<PairsTypes>(...place, pairsKind),
  "paramscope.domains": (...place: Place) => new SavedResult<DomainsTypes>(...place, domainsKind),
  "paramscope.frequency": (...place: Place) => new SavedResult<FrequencyTypes>(...place, frequencyKind),
  "paramscope.patching": (...place: Place) =>
    new SavedResult<PatchingTypes>(...place, patchingKind, place[0].patchings),
  "paramscope.pruning": (...place: Place) => new SavedResult<PruningTypes>(...place, pruningKind),
  "paramscope.calibration": (...place: Place) => new SavedResult<CalibrationTypes>(...place, calibrationPage),
  "paramscope.neurons": (...place: Place) => new SavedResult<NeuronsTypes>(...place, neuronsPage),
} satisfies Record<Format, unknown>;

type Format = ParamscopeDocument["format"];

class SavedView implements ShownResult {
  #isClosed = false;
  #shown: { readonly format: Format; readonly page: SavedPage<ParamscopeDocument> } | undefined;

  constructor(
    private readonly app: App,
    private readonly file: vscode.TextDocument,
    readonly panel: vscode.WebviewPanel,
  ) {
    panel.onDidDispose(() => (this.#isClosed = true));
  }

  get title(): string {
    return posix.basename(this.file.uri.path, ".paramscope");
  }

  get document(): ParamscopeDocument | undefined {
    return this.#shown?.page.document;
  }

  /** Reads the document and shows what it holds, or what is wrong with it. */
  async draw(): Promise<void> {
    const name = posix.basename(this.file.uri.path);
    const read = await this.#read(name);
    await setImmediate();
    if (this.#isClosed) return;
    if (read instanceof ParamscopeError) {
      const { message, remedy } = read;
      const page = this.#pageFor(this.#shown?.format ?? "paramscope.analysis");
      page.fail({ phase: "error", title: name, message: `${message}.`, remedy, kind: "broken-file" });
    } else this.#pageFor(read.format).show(read);
  }

  #pageFor(format: Format): SavedPage<ParamscopeDocument> {
    if (this.#shown?.format === format) return this.#shown.page;
    this.#shown?.page.dispose();
    const file: SavedFile = {
      name: posix.basename(this.file.uri.path),
      title: this.title,
      draw: () => this.draw(),
    };
    // It is only ever given documents of its format.
    const page = pages[format](this.app, this.panel, file) as SavedPage<never> as SavedPage<ParamscopeDocument>;
    this.#shown = { format, page };
    return page;
  }

  /** A large document takes some turns of the host's loop, which other extensions share: none of them for long. */
  async #read(name: string): Promise<ParamscopeDocument | ParamscopeError> {
    await setImmediate();
    const { parseDocument } = await import("../engine/document/parse");
    await setImmediate();
    try {
      return parseDocument(this.file.getText(), name);
    } catch (error) {
      if (error instanceof ParamscopeError) return error;
      throw error;
    }
  }
}
