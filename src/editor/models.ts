import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, isAbsolute, join } from "node:path";
import * as vscode from "vscode";

import { bundledModels, downloadedModels } from "../engine/model/library/folders";
import { type ListedModel, listModels } from "../engine/model/library/list";
import { defaultModel, locateModel } from "../engine/model/library/resolve";
import { ParamscopeError } from "../engine/errors";
import { formatModelId, parseModelId } from "../engine/model/hub/id";
import { setting } from "./settings";

export interface KnownModel extends ListedModel {
  readonly kind: "bundled" | "downloaded" | "local";
  /** `llama`; of a GGUF file that it is one. */
  readonly architecture: string;
}

/** The setting names a model that is not there. */
export class ModelMissingError extends ParamscopeError {
  constructor(
    message: string,
    remedy: string,
    /** By which it can be downloaded. */
    readonly downloadId: string | undefined,
  ) {
    super(message, remedy);
  }
}

const LOCAL_KEY = "localModels";

/** The models that can be chosen, and the one that is. */
export class Models {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;

  readonly #context: vscode.ExtensionContext;

  constructor(context: vscode.ExtensionContext) {
    this.#context = context;
    context.subscriptions.push(
      this.#changed,
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("paramscope.model")) this.#changed.fire();
      }),
    );
  }

  /** Asks for the list anew. */
  refresh(): void {
    this.#changed.fire();
  }

  /** The name that is shown for the chosen model. */
  get currentName(): string {
    const named = setting("model").trim();
    return named === "" ? defaultModel : basename(named).replace(/\.gguf$/, "");
  }

  /** Whether the chosen model is one that comes with Paramscope. */
  get isBundled(): boolean {
    const named = setting("model").trim();
    return named === "" || named === defaultModel;
  }

  /** @throws ModelMissingError when the chosen model is not there. */
  async currentPath(): Promise<string> {
    const named = setting("model").trim();
    if (named === "") return join(bundledModels(), defaultModel);
    // A relative path would be one of the workspace: models are named by id or absolute path.
    const path = named.replace(/^~(?=[/\\])/, homedir());
    if (isAbsolute(path)) {
      if (existsSync(path)) return path;
    } else {
      const known = await this.list();
      const model = known.find(({ id, kind }) => id === named && kind !== "local");
      if (model) return model.path;
    }
    const downloadId = isAbsolute(path) ? undefined : downloadIdOf(named);
    throw new ModelMissingError(
      `The model ${named} is not there`,
      `${downloadId ? "Download it, choose" : "Choose"} another one, or correct the setting paramscope.model.`,
      downloadId,
    );
  }

  async list(): Promise<KnownModel[]> {
    const [bundled, downloaded] = await Promise.all([listModels(bundledModels()), listModels(downloadedModels())]);
    const local = this.#local().filter((path) => existsSync(path));
    return await Promise.all([
      ...bundled.map((model) => described(model, "bundled")),
      ...downloaded.map((model) => described(model, "downloaded")),
      ...local.map((path) => described({ id: basename(path), path, bytes: 0 }, "local")),
    ]);
  }

  /** Makes a model the chosen one, in the user's settings. */
  async choose(model: Pick<KnownModel, "id" | "path" | "kind">): Promise<void> {
    const isDefault = model.kind === "bundled" && model.id === defaultModel;
    const value = isDefault ? undefined : model.kind === "local" ? model.path : model.id;
    await vscode.workspace.getConfiguration("paramscope").update("model", value, vscode.ConfigurationTarget.Global);
  }

  async addLocal(path: string): Promise<void> {
    await this.#context.globalState.update(LOCAL_KEY, [...new Set([...this.#local(), path])]);
    await this.choose({ id: basename(path), path, kind: "local" });
    this.#changed.fire();
  }

  async removeLocal(path: string): Promise<void> {
    const others = this.#local().filter((other) => other !== path);
    await this.#context.globalState.update(LOCAL_KEY, others);
    this.#changed.fire();
  }

  #local(): readonly string[] {
    return this.#context.globalState.get<string[]>(LOCAL_KEY, []);
  }
}

/**
 * Where the model of a result is on this machine.
 * @param needs what it is needed for: `The full profile`.
 * @throws ParamscopeError when it is not there any more.
 */
export async function pathOfResultModel(model: { name: string; path: string }, needs: string): Promise<string> {
  const path = await locateModel(model.path);
  if (path !== undefined) return path;
  throw new ParamscopeError(
    `${needs} needs the model ${model.name}, which is not at ${model.path} any more`,
    "Put it there, or download it again.",
  );
}

/** What to ask the Hub for, where the id of a model has the form of one from there. */
function downloadIdOf(id: string): string | undefined {
  const [owner, name, ...file] = id.split("/");
  if (name === undefined) return undefined;
  try {
    return formatModelId(parseModelId([`${owner}/${name}`, ...file].join(":")));
  } catch {
    return undefined;
  }
}

async function described(model: ListedModel, kind: KnownModel["kind"]): Promise<KnownModel> {
  return { ...model, kind, architecture: await architectureOf(model.path) };
}

async function architectureOf(path: string): Promise<string> {
  if (path.endsWith(".gguf")) return "GGUF";
  try {
    const config: unknown = JSON.parse(await readFile(join(path, "config.json"), "utf8"));
    const isNamed = typeof config === "object" && config !== null && "model_type" in config;
    return isNamed && typeof config.model_type === "string" ? config.model_type : "unknown";
  } catch {
    return "unreadable";
  }
}
