import { posix } from "node:path";
import * as vscode from "vscode";

import { ParamscopeError } from "../engine/errors";
import { decodeText } from "../engine/text/decode";
import type { TextFiles } from "../engine/text/files";
import { refuseLargeFile } from "../engine/text/not-a-text";
import { formatBytes } from "../engine/numbers/bytes";
import { LONGEST_TEXT } from "../engine/text/text";

/** No text of at most as many characters as a run takes has more bytes. */
const largestFile = 4 * LONGEST_TEXT;

/** The document of a resource, if it is open. */
export function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  const key = uri.toString();
  return vscode.workspace.textDocuments.find((document) => !document.isClosed && document.uri.toString() === key);
}

/** @throws ParamscopeError when there is nothing there. */
export async function statOf(uri: vscode.Uri): Promise<vscode.FileStat> {
  try {
    return await vscode.workspace.fs.stat(uri);
  } catch (cause) {
    throw fileError(uri, cause);
  }
}

/**
 * The text of a file; what is open counts as its buffer has it.
 * @throws ParamscopeError, with a cause when the file cannot be read and without when it is not text.
 */
export async function readText(uri: vscode.Uri): Promise<string> {
  const document = openDocument(uri);
  if (document) return document.getText();
  const name = vscode.workspace.asRelativePath(uri);
  const { size } = await statOf(uri);
  if (size > largestFile) {
    refuseLargeFile(name);
    throw new ParamscopeError(`${name} is larger than ${formatBytes(largestFile)}`, "Take a part of it.");
  }
  const bytes = await readBytes(uri);
  return decodeText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), name);
}

/**
 * A file as it is on its disk.
 * @throws ParamscopeError when it cannot be read.
 */
export async function readBytes(uri: vscode.Uri): Promise<Uint8Array> {
  try {
    return await vscode.workspace.fs.readFile(uri);
  } catch (cause) {
    throw fileError(uri, cause);
  }
}

/** The files beside and below a resource, by the paths of their URIs. */
export function workspaceFiles(base: vscode.Uri): TextFiles {
  const uriOf = (path: string): vscode.Uri => base.with({ path });
  return {
    async list(folder) {
      try {
        const entries = await vscode.workspace.fs.readDirectory(uriOf(folder));
        return entries.map(([name, type]) => ({ name, kind: kindOf(type), linked: isLink(type) }));
      } catch (cause) {
        throw fileError(uriOf(folder), cause);
      }
    },
    size: async (file) => (await statOf(uriOf(file))).size,
    readText: (file) => readText(uriOf(file)),
    exists: async (path) =>
      await statOf(uriOf(path)).then(
        () => true,
        () => false,
      ),
    join: (folder, ...names) => posix.join(folder, ...names),
    absolute: (path) => path,
    parent: (path) => posix.dirname(path),
    relative: (folder, path) => posix.relative(folder, path),
  };
}

function kindOf(type: vscode.FileType): "file" | "folder" | "other" {
  return type & vscode.FileType.Directory ? "folder" : type & vscode.FileType.File ? "file" : "other";
}

function isLink(type: vscode.FileType): boolean {
  return (type & vscode.FileType.SymbolicLink) !== 0;
}

function fileError(uri: vscode.Uri, cause: unknown): ParamscopeError {
  const name = vscode.workspace.asRelativePath(uri);
  const code = cause instanceof vscode.FileSystemError ? cause.code : String(cause);
  if (code === "FileNotFound") return new ParamscopeError(`${name} does not exist`, "Check the path.", { cause });
  if (code === "NoPermissions")
    return new ParamscopeError(`${name} may not be read`, "Check its permissions.", { cause });
  return new ParamscopeError(`${name} cannot be read (${code})`, "Check the file.", { cause });
}
