import * as vscode from "vscode";

import { stackOf } from "../engine/errors";
import { downloadedModels } from "../engine/model/library/folders";
import { partialDownloads } from "../engine/model/hub/folders";
import { formatModelId, parseModelId } from "../engine/model/hub/id";
import { formatBytes } from "../engine/numbers/bytes";
import { downloadWords } from "../format/download";
import { ScoringProcessError } from "../wire/errors";
import type { ScoringClient } from "../wire/client";
import type { HubAccess } from "./hub-access";
import type { Models } from "./models";
import { failureOf, isCancelled } from "./failure";
import { said, showError, showInformation } from "./said";
import type { Log } from "./said";

type Downloaded = Awaited<ReturnType<ScoringClient["download"]>>;

/** What a download takes of the extension. */
interface Downloader {
  readonly downloads: ScoringClient;
  readonly hub: HubAccess;
  readonly models: Models;
  readonly log: Log;
}

/**
 * Downloads a model, or goes on where an earlier download of it was interrupted; what follows is offered at its end, also
 * where it went wrong.
 * @throws ParamscopeError when the text is no id of a model.
 */
export async function download(app: Downloader, text: string): Promise<void> {
  const id = formatModelId(parseModelId(text));
  try {
    const downloaded = await withNotification(app, id);
    app.models.refresh();
    void offerUse(app, downloaded);
  } catch (error) {
    if (isCancelled(error)) void offerToContinue(id);
    else if (error instanceof ScoringProcessError && error.kind === "token") void offerToken(app, id, error);
    else void offerToTryAgain(app, id, error);
  }
}

async function withNotification(app: Downloader, id: string): Promise<Downloaded> {
  const params = { id, folder: downloadedModels(), ...(await app.hub.params()) };
  const kept = await bytesKept(id);
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: said(`Downloading ${id}`),
    cancellable: true,
  };
  return await vscode.window.withProgress(options, async (notification, token) => {
    const controller = new AbortController();
    token.onCancellationRequested(() => controller.abort());
    if (kept > 0) notification.report({ message: `continues at ${formatBytes(kept)}` });
    let shown = 0;
    return await app.downloads.download(
      params,
      (progress) => {
        const percent = progress.total > 0 ? (100 * progress.done) / progress.total : 0;
        notification.report({ message: said(downloadWords(progress)), increment: Math.max(0, percent - shown) });
        shown = Math.max(shown, percent);
      },
      controller.signal,
    );
  });
}

async function offerUse(app: Downloader, { id, path, bytes, wasThere }: Downloaded): Promise<void> {
  const text = wasThere ? `${id} is there already.` : `Downloaded ${id} (${formatBytes(bytes)}).`;
  if ((await showInformation(text, {}, "Use it")) !== undefined)
    await app.models.choose({ id, path, kind: "downloaded" });
}

async function offerToContinue(id: string): Promise<void> {
  const kept = await bytesKept(id);
  const rest = kept > 0 ? ` It continues at ${formatBytes(kept)} when it is asked for again.` : "";
  const chosen = await showInformation(`The download of ${id} was stopped.${rest}`, {}, "Continue");
  if (chosen !== undefined) await vscode.commands.executeCommand("paramscope.downloadModel", id);
}

async function offerToTryAgain(app: Downloader, id: string, error: unknown): Promise<void> {
  app.log.error(stackOf(error));
  const { message, remedy = "" } = failureOf(error);
  const chosen = await showError(`${message} ${remedy}`.trim(), "Try again", "Show log");
  if (chosen === "Try again") await vscode.commands.executeCommand("paramscope.downloadModel", id);
  else if (chosen === "Show log") await vscode.commands.executeCommand("paramscope.showLog");
}

async function offerToken(app: Downloader, id: string, { message }: Error): Promise<void> {
  const remedy = "Set a token of an account that may read it; a licence is accepted on the model's page.";
  const chosen = await showError(`${message} ${remedy}`, "Set token", "Open page");
  if (chosen === "Open page") {
    const { endpoint } = await app.hub.params();
    await vscode.env.openExternal(vscode.Uri.parse(`${endpoint}/${parseModelId(id).repository}`));
  } else if (chosen === "Set token") {
    const isSet = await vscode.commands.executeCommand<boolean>("paramscope.setHubToken");
    if (isSet) await vscode.commands.executeCommand("paramscope.downloadModel", id);
  }
}

async function bytesKept(id: string): Promise<number> {
  const partial = (await partialDownloads(downloadedModels())).find((download) => download.id === id);
  return partial?.bytes ?? 0;
}
