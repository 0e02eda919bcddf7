import type * as vscode from "vscode";

import type { App } from "./app";
import type { Origin } from "../kinds/asked";
import type { ResultDocument } from "../engine/document/document";

const KEY = "panels";
const MOST = 50;

/** Which result a panel shows, by the panel's title: after a reload of the window nothing else is known of it. */
export async function rememberResult({ workspaceState }: vscode.ExtensionContext, title: string, id: string) {
  const others = Object.entries(all(workspaceState)).filter(([other]) => other !== title);
  await workspaceState.update(KEY, Object.fromEntries([...others.slice(1 - MOST), [title, id]]));
}

/**
 * Keeps a panel's result in the history, where the panel finds it again; that it could not be kept is only logged.
 * @returns its id there, or undefined.
 */
export async function keepResult(
  { results, context, log }: App,
  document: ResultDocument,
  { title, origins, panel }: { readonly title: string; readonly origins: readonly Origin[]; readonly panel: string },
): Promise<string | undefined> {
  try {
    const { id } = await results.add(document, title, [...origins]);
    await rememberResult(context, panel, id);
    return id;
  } catch (error) {
    log.warn(`The result was not kept in the history: ${String(error)}`);
    return undefined;
  }
}

/** Keeps what was measured of a result since it came into the history; that it could not be kept is only logged. */
export async function keepCompleted({ results, log }: App, id: string, document: ResultDocument): Promise<void> {
  try {
    await results.update(id, document);
  } catch (error) {
    log.warn(`What was measured of a result was not kept in the history: ${String(error)}`);
  }
}

export function rememberedResult({ workspaceState }: vscode.ExtensionContext, title: string): string | undefined {
  return all(workspaceState)[title];
}

function all(state: vscode.Memento): Partial<Record<string, string>> {
  return state.get<Record<string, string>>(KEY, {});
}
