import type * as vscode from "vscode";

const KEY = "panels";
const MOST = 50;

/** Which result a panel shows, by the panel's title: after a reload of the window nothing else is known of it. */
export async function rememberResult({ workspaceState }: vscode.ExtensionContext, title: string, id: string) {
  const others = Object.entries(all(workspaceState)).filter(([other]) => other !== title);
  await workspaceState.update(KEY, Object.fromEntries([...others.slice(1 - MOST), [title, id]]));
}

export function rememberedResult({ workspaceState }: vscode.ExtensionContext, title: string): string | undefined {
  return all(workspaceState)[title];
}

function all(state: vscode.Memento): Partial<Record<string, string>> {
  return state.get<Record<string, string>>(KEY, {});
}
