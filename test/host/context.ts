import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as vscode from "vscode";

/** What parts of the extension take from its context, each test its own: folders of a temporary one, and memory. */
export function contextOf({ hasWorkspace = true } = {}): vscode.ExtensionContext {
  const folder = vscode.Uri.file(mkdtempSync(join(tmpdir(), "paramscope-host-")));
  const values = new Map<string, unknown>();
  const secrets = new Map<string, string>();
  const context = {
    subscriptions: [],
    storageUri: hasWorkspace ? vscode.Uri.joinPath(folder, "workspace") : undefined,
    globalStorageUri: vscode.Uri.joinPath(folder, "global"),
    globalState: {
      get: (key: string, otherwise: unknown) => values.get(key) ?? otherwise,
      update: (key: string, value: unknown) => Promise.resolve(void values.set(key, value)),
    },
    secrets: {
      get: (key: string) => Promise.resolve(secrets.get(key)),
      store: (key: string, value: string) => Promise.resolve(void secrets.set(key, value)),
      delete: (key: string) => Promise.resolve(void secrets.delete(key)),
    },
  };
  return context as unknown as vscode.ExtensionContext;
}
