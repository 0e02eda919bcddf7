import type { Command } from "commander";
import { lstat, rm } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { ParamscopeError } from "../../engine/errors";
import { UsageError } from "../failure";
import { bundledModels, downloadedModels } from "../models/folders";
import { type ListedModel, listModels } from "../models/list";
import { defaultModel } from "../models/resolve";
import { formatBytes, formatCompact } from "../../format/numbers";
import { Screen } from "../terminal/screen";
import { table } from "../terminal/table";

export function addModels(program: Command): void {
  const models = program
    .command("models")
    .summary("which models are there")
    .description("Lists the models that can be named by their id: the bundled one, and those in your models folder.")
    .allowExcessArguments()
    .action(async (_flags: unknown, { args: [unknown] }: Command) => {
      if (unknown !== undefined)
        throw new UsageError(`models has no command ${unknown}`, "See paramscope models --help.");
      await list();
    });
  models
    .command("remove")
    .summary("delete a model of your models folder")
    .description("Deletes a model of your models folder from the disk. The bundled one stays.")
    .argument("<id>", "as `paramscope models` shows it")
    .option("-y, --yes", "do not ask")
    .action(async (id: string, { yes }: { yes?: boolean }) => {
      await remove(id, yes ?? false);
    });
}

async function list(): Promise<void> {
  const screen = new Screen(process.stdout, process.stderr, false);
  const folder = downloadedModels();
  const [bundled, downloaded] = await Promise.all([listModels(bundledModels()), listModels(folder)]);
  const rows = await Promise.all([
    ...bundled.map((model) => row(model, model.id === defaultModel ? "bundled, the default" : "bundled")),
    ...downloaded.map((model) => row(model, "")),
  ]);
  const columns = [
    { title: "id", align: "left" as const },
    { title: "architecture", align: "left" as const },
    { title: "parameters" },
    { title: "size" },
    { title: "", align: "left" as const },
  ];
  screen.print([...table(columns, rows, screen.style), "", `Your models folder: ${folder}`]);
}

async function row({ id, path, bytes }: ListedModel, remark: string): Promise<string[]> {
  const { openCheckpoint } = await import("../../engine/model/formats/open");
  try {
    const checkpoint = await openCheckpoint(path);
    await checkpoint.close();
    const { model_type: architecture } = checkpoint.config;
    const parameters = [...checkpoint.tensors.values()]
      .map(({ shape }) => shape.reduce((product, size) => product * size, 1))
      .reduce((sum, count) => sum + count, 0);
    const name = typeof architecture === "string" ? architecture : "unknown";
    return [id, name, formatCompact(parameters), formatBytes(bytes), remark];
  } catch (error) {
    if (error instanceof ParamscopeError) return [id, "unreadable", "", formatBytes(bytes), error.message];
    throw error;
  }
}

async function remove(id: string, sure: boolean): Promise<void> {
  const screen = new Screen(process.stdout, process.stderr, false);
  const model = (await listModels(downloadedModels())).find((candidate) => candidate.id === id);
  if (model === undefined) {
    const isBundled = (await listModels(bundledModels())).some((candidate) => candidate.id === id);
    throw isBundled
      ? new ParamscopeError(
          `${id} comes with Paramscope and stays`,
          "Only models of your models folder can be removed.",
        )
      : new ParamscopeError(
          `There is no model ${id} in your models folder`,
          "`paramscope models` lists those that are there.",
        );
  }
  if (!sure && !(await confirmed(`Delete ${model.path} (${formatBytes(model.bytes)})? [y/N] `))) {
    screen.print(["Nothing was deleted."]);
    return;
  }
  // Of a link only the link goes, never what it leads to.
  const isLink = (await lstat(model.path)).isSymbolicLink();
  await rm(model.path, { recursive: !isLink });
  screen.print([`Deleted ${id} (${formatBytes(model.bytes)}).`]);
}

async function confirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError("Deleting a model needs your word", "Add --yes.");
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await prompt.question(question)).trim());
  } finally {
    prompt.close();
  }
}
