import * as vscode from "vscode";

import type { App } from "../views/app";
import { download } from "../editor/download";
import { downloadedModels } from "../engine/model/library/folders";
import { ParamscopeError } from "../engine/errors";
import { type CuratedModel, curatedModels } from "../engine/model/hub/curated";
import { type PartialDownload, partialDownloads } from "../engine/model/hub/folders";
import { parseModelId } from "../engine/model/hub/id";
import { formatBytes } from "../engine/numbers/bytes";
import { formatCompact } from "../format/numbers";
import { askForLine, showPick } from "../editor/said";

interface Choice extends vscode.QuickPickItem {
  readonly id?: string;
  readonly command?: "askForId" | "paramscope.setHubToken" | "paramscope.forgetHubToken";
}

/** Downloads a model from the Hugging Face Hub: the given one, or one that the user chooses. */
export async function downloadModel(app: App, id?: unknown): Promise<void> {
  const chosen = typeof id === "string" ? id : await choose(app);
  if (chosen !== undefined) await download(app, chosen);
}

async function choose(app: App): Promise<string | undefined> {
  const [models, partial, hasToken] = await Promise.all([
    app.models.list(),
    partialDownloads(downloadedModels()),
    app.hub.hasToken(),
  ]);
  const present = new Set(models.filter(({ kind }) => kind === "downloaded").map(({ id }) => id));
  const others = partial.filter(({ id }) => !curatedModels.some((model) => model.id === id));
  const choices: Choice[] = [
    ...curatedModels.map((model) => curatedChoice(model, present, partial)),
    ...others.map(({ id, bytes }) => ({ label: id, detail: continues(bytes), id })),
    { label: "", kind: vscode.QuickPickItemKind.Separator },
    { label: "Any repository id…", description: "owner/name, or owner/name:file.gguf", command: "askForId" },
    hasToken
      ? { label: "Forget Hugging Face token", command: "paramscope.forgetHubToken" }
      : { label: "Set Hugging Face token…", command: "paramscope.setHubToken" },
  ];
  const choice = await showPick(choices, {
    title: "Download model",
    placeHolder: "A model from the Hugging Face Hub",
    matchOnDescription: true,
  });
  if (choice?.command === "askForId") return await askForId();
  if (choice?.command) await vscode.commands.executeCommand(choice.command);
  return choice?.id;
}

function curatedChoice(
  { id, parameters, approximateBytes, licence, gated }: CuratedModel,
  present: ReadonlySet<string>,
  partial: readonly PartialDownload[],
): Choice {
  const begun = partial.find((download) => download.id === id);
  const detail = present.has(id)
    ? "$(check) Is there already"
    : begun
      ? continues(begun.bytes)
      : gated
        ? "$(lock) Needs a Hugging Face token, and its licence to be accepted on its page"
        : undefined;
  const description = [`${formatCompact(parameters)} parameters`, formatBytes(approximateBytes), licence].join(" · ");
  return { label: id, description, detail, id };
}

function continues(bytes: number): string {
  return `$(debug-continue) Continues at ${formatBytes(bytes)}`;
}

async function askForId(): Promise<string | undefined> {
  return await askForLine({
    title: "Download model",
    prompt: "A repository of the Hugging Face Hub with safetensors, or one of its GGUF files",
    placeHolder: "owner/name or owner/name:file.gguf",
    ignoreFocusOut: true,
    validateInput: (text) => {
      try {
        parseModelId(text);
        return undefined;
      } catch (error) {
        if (error instanceof ParamscopeError) return [error.message, error.remedy].join(" ");
        throw error;
      }
    },
  });
}
