import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

/*
 * Of the editor's API what panels, the history and saved files take: enough to run them in one process, where a test has the page's
 * end of every panel. In the real VS Code they are tested by test/e2e.
 */

export class Uri {
  readonly scheme = "file";

  private constructor(readonly path: string) {}

  static file(path: string): Uri {
    return new Uri(path);
  }

  static joinPath(base: Uri, ...names: readonly string[]): Uri {
    return new Uri(join(base.path, ...names));
  }

  get fsPath(): string {
    return this.path;
  }

  toString(): string {
    return `file://${this.path}`;
  }
}

export class EventEmitter<Event> {
  readonly #listeners = new Set<(event: Event) => void>();

  readonly event = (listener: (event: Event) => void): { dispose(): void } => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };

  fire(event: Event): void {
    for (const listener of [...this.#listeners]) listener(event);
  }

  dispose(): void {
    this.#listeners.clear();
  }
}

export const ViewColumn = { One: 1, Two: 2, Beside: -2 } as const;

export class Disposable {
  static from(...all: readonly { dispose(): void }[]): Disposable {
    return new Disposable(() => all.forEach((one) => one.dispose()));
  }

  constructor(readonly dispose: () => void) {}
}

export class ThemeIcon {
  constructor(readonly id: string) {}
}

export class TreeItem {
  constructor(readonly label: string) {}
}

/** A panel, with the page's end of it. */
export class Panel {
  /** What the page was told. */
  readonly told: { readonly type: string; readonly state?: { readonly phase: string } }[] = [];
  readonly visible = true;
  readonly active = true;
  readonly viewColumn = ViewColumn.Two;
  iconPath: unknown;
  readonly #messages = new EventEmitter<unknown>();
  readonly #disposed = new EventEmitter<void>();
  readonly #viewState = new EventEmitter<void>();
  readonly webview = {
    html: "",
    options: {},
    onDidReceiveMessage: this.#messages.event,
    postMessage: (message: Panel["told"][number]) => {
      this.told.push(message);
      return Promise.resolve(true);
    },
  };
  readonly onDidDispose = this.#disposed.event;
  readonly onDidChangeViewState = this.#viewState.event;

  constructor(
    readonly viewType: string,
    public title: string,
  ) {}

  /** The last state that the page was told. */
  get state() {
    return this.told.findLast(({ type }) => type === "state")?.state;
  }

  reveal(): void {
    this.#viewState.fire();
  }

  /** Says something as the page. */
  say(message: { readonly type: string; readonly [field: string]: unknown }): void {
    this.#messages.fire(message);
  }

  dispose(): void {
    this.#disposed.fire();
  }
}

/** The panels that were opened, in their order. */
export const panels: Panel[] = [];
/** By the type of the panels that they restore. */
export const serializers = new Map<string, { deserializeWebviewPanel(panel: Panel): Promise<void> }>();

export const window = {
  activeTextEditor: undefined,
  createWebviewPanel: (viewType: string, title: string): Panel => {
    const panel = new Panel(viewType, title);
    panels.push(panel);
    return panel;
  },
  registerWebviewPanelSerializer: (viewType: string, serializer: never) => {
    serializers.set(viewType, serializer);
    return new Disposable(() => serializers.delete(viewType));
  },
};

const nothing = new EventEmitter<never>();

export const workspace = {
  workspaceFolders: undefined,
  asRelativePath: ({ path }: Uri) => path,
  onDidChangeTextDocument: nothing.event,
  fs: {
    stat: async ({ path }: Uri) => ({ size: (await stat(path)).size }),
    readFile: async ({ path }: Uri) => new Uint8Array(await readFile(path)),
    writeFile: async ({ path }: Uri, bytes: Uint8Array) => await writeFile(path, bytes),
    createDirectory: async ({ path }: Uri) => void (await mkdir(path, { recursive: true })),
    delete: async ({ path }: Uri) => await rm(path),
  },
};

export const commands = { executeCommand: () => Promise.resolve(undefined) };
