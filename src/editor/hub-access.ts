import * as vscode from "vscode";

import { checkEndpoint, checkToken, hubSettings } from "../engine/model/hub/settings";
import type { DownloadParams } from "../wire/protocol";
import { setting } from "./settings";

const TOKEN_KEY = "huggingFaceToken";

/**
 * How the Hugging Face Hub is reached: as the user's own settings, secrets and environment say. A workspace has no say in
 * it, or it could have the token sent to itself.
 */
export class HubAccess {
  readonly #secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  /** @throws ParamscopeError when the address or the token is none. */
  async params(): Promise<Pick<DownloadParams, "endpoint" | "token" | "proxies">> {
    const environment = hubSettings(process.env);
    const endpoint = setting("hubEndpoint").trim();
    return {
      endpoint: endpoint === "" ? environment.endpoint : checkEndpoint(endpoint),
      token: (await this.#token()) ?? environment.token,
      proxies: proxies(),
    };
  }

  async hasToken(): Promise<boolean> {
    return (await this.#token()) !== undefined;
  }

  /** Keeps a token in the editor's secret storage. @throws ParamscopeError when it cannot be one. */
  async setToken(text: string): Promise<void> {
    const token = checkToken(text);
    if (token !== undefined) await this.#secrets.store(TOKEN_KEY, token);
  }

  async forgetToken(): Promise<void> {
    await this.#secrets.delete(TOKEN_KEY);
  }

  async #token(): Promise<string | undefined> {
    return await this.#secrets.get(TOKEN_KEY);
  }
}

/** The editor's own proxy settings, as the environment variables that other programs take. */
function proxies(): Record<string, string> {
  const http = vscode.workspace.getConfiguration("http");
  const proxy = http.inspect<string>("proxy")?.globalValue ?? "";
  const exceptions = http.inspect<string[]>("noProxy")?.globalValue ?? [];
  return {
    ...(proxy === "" ? {} : { http_proxy: proxy, https_proxy: proxy }),
    ...(exceptions.length === 0 ? {} : { no_proxy: exceptions.join(",") }),
  };
}
