import { posix } from "node:path";
import * as vscode from "vscode";

import { ParamscopeError } from "../engine/errors";
import { checkedText } from "../engine/text/collect";
import { decodeText } from "../engine/text/decode";
import type { Subject } from "../kinds/asked";

/** What is used of the interface that VS Code's own Git extension offers to others. */
interface GitExtension {
  readonly enabled: boolean;
  getAPI(version: 1): GitApi;
}

interface GitApi {
  getRepository(uri: vscode.Uri): GitRepository | null;
  toGitUri(uri: vscode.Uri, ref: string): vscode.Uri;
}

interface GitRepository {
  readonly rootUri: vscode.Uri;
  /** @throws when the commit does not hold the file. */
  buffer(ref: string, path: string): Promise<Uint8Array>;
}

/**
 * A file as it is in the last commit.
 * @throws ParamscopeError when Git is not there, when the file is in no repository, and when no commit has it.
 */
export async function lastVersion(uri: vscode.Uri): Promise<Subject> {
  const name = vscode.workspace.asRelativePath(uri);
  if (uri.scheme !== "file")
    throw new ParamscopeError(`${name} is not a file on disk, so Git has no version of it`, "Save it in a repository.");
  const api = await gitApi();
  const repository = api.getRepository(uri);
  if (!repository)
    throw new ParamscopeError(
      `${name} is not in a Git repository that is open in VS Code`,
      "Open the folder that holds the repository, or compare two files.",
    );
  const bytes = await repository.buffer("HEAD", uri.fsPath).catch((cause: unknown) => {
    throw new ParamscopeError(
      `${name} has no earlier version in Git: the last commit does not hold it`,
      "Commit it first, or compare two files.",
      { cause },
    );
  });
  const source = `${name} (last commit)`;
  const text = checkedText(source, decodeText(Buffer.from(bytes), source));
  return {
    title: `${posix.basename(uri.path)} (last commit)`,
    texts: [{ source, text }],
    notes: [],
    origins: [{ source, uri: api.toGitUri(uri, "HEAD").toString(), offset: 0 }],
  };
}

async function gitApi(): Promise<GitApi> {
  const extension = vscode.extensions.getExtension<GitExtension>("vscode.git");
  if (!extension) throw new ParamscopeError("VS Code's Git extension is not there", "Enable it among the extensions.");
  const git = await extension.activate();
  if (!git.enabled)
    throw new ParamscopeError("Git is turned off in VS Code", "Turn on the setting git.enabled, and install Git.");
  return git.getAPI(1);
}
