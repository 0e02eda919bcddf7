import type { Command } from "commander";
import { createInterface } from "node:readline/promises";
import { ParamscopeError } from "../../engine/errors";
import { refuseModelFiles } from "../check-outputs";
import { UsageError } from "../failure";
import { bundledModels, downloadedModels } from "../../engine/model/library/folders";
import { type ListedModel, listModels } from "../../engine/model/library/list";
import { defaultModel } from "../../engine/model/library/resolve";
import { formatBytes } from "../../engine/numbers/bytes";
import { formatCompact } from "../../format/numbers";
import { Screen } from "../terminal/screen";
import { inputIsTerminal, inputStream } from "../terminal/descriptors";
import { standardError } from "../terminal/streams";
import { table } from "../terminal/table";
import { getModel } from "./models-get";

interface ListFlags {
  readonly available?: boolean;
}

interface GetFlags {
  readonly quiet?: boolean;
}

const getHelp = `
Environment:
  PARAMSCOPE_MODELS  your models folder
  HF_TOKEN           a token, for gated and private models
  HF_ENDPOINT        another Hub than https://huggingface.co
  HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY`;

export function addModels(program: Command, signal: AbortSignal): void {
  const models = program
    .command("models")
    .summary("which models are there, and more of them")
    .description("Lists the models that can be named by their id: the bundled one, and those in your models folder.")
    .option("-a, --available", "list some models that can be downloaded instead")
    .allowExcessArguments()
    .action(async ({ available }: ListFlags, { args: [unknown] }: Command) => {
      if (unknown !== undefined)
        throw new UsageError(`models has no command ${unknown}`, "See paramscope models --help.");
      await (available ? listAvailable() : list());
    });
  models
    .command("get")
    .summary("download a model from the Hugging Face Hub")
    .description(
      "Downloads a model from the Hugging Face Hub into your models folder: its descriptions and safetensors, or one GGUF " +
        "file. What was interrupted goes on from there when it is asked for again.",
    )
    .argument("<id>", "owner/name, or owner/name:file.gguf")
    .option("-q, --quiet", "no progress")
    .addHelpText("after", getHelp)
    .action(async (id: string, { quiet }: GetFlags) => {
      await getModel(id, quiet ?? false, signal);
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
  const { partialDownloads } = await import("../../engine/model/hub");
  const screen = new Screen(false);
  const folder = downloadedModels();
  const [bundled, downloaded, partial] = await Promise.all([
    listModels(bundledModels()),
    listModels(folder),
    partialDownloads(folder),
  ]);
  for (const { path } of [...bundled, ...downloaded]) await refuseModelFiles({}, path);
  const rows = await Promise.all([
    ...bundled.map((model) => row(model, model.id === defaultModel ? "bundled, the default" : "bundled")),
    ...downloaded.map((model) => row(model, "")),
  ]);
  for (const { id, bytes } of partial)
    rows.push([id, "", "", formatBytes(bytes), `not whole: \`paramscope models get ${id}\` goes on`]);
  const columns = [
    { title: "id", align: "left" as const },
    { title: "architecture", align: "left" as const },
    { title: "parameters" },
    { title: "size" },
    { title: "", align: "left" as const },
  ];
  screen.print([
    ...table(columns, rows, screen.style),
    "",
    `Your models folder: ${folder}`,
    "`paramscope models --available` lists some to download.",
  ]);
}

async function listAvailable(): Promise<void> {
  const { curatedModels } = await import("../../engine/model/hub");
  const screen = new Screen(false);
  const there = new Set((await listModels(downloadedModels())).map(({ id }) => id));
  const rows = curatedModels.map(({ id, parameters, approximateBytes, licence, gated }) => [
    id,
    formatCompact(parameters),
    `~${formatBytes(approximateBytes)}`,
    licence,
    there.has(id) ? "is there" : gated ? "gated: needs a token" : "",
  ]);
  const columns = [
    { title: "id", align: "left" as const },
    { title: "parameters" },
    { title: "download" },
    { title: "licence", align: "left" as const },
    { title: "", align: "left" as const },
  ];
  screen.print([
    ...table(columns, rows, screen.style),
    "",
    "`paramscope models get ID` downloads one of these, or any other repository of the Hugging Face Hub that holds",
    "safetensors or GGUF files of a supported architecture. Sizes are approximate.",
  ]);
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
  const { partialDownloads, removeModel } = await import("../../engine/model/hub");
  const screen = new Screen(false);
  const folder = downloadedModels();
  const candidates: readonly { readonly id: string; readonly bytes: number; readonly path?: string }[] = [
    ...(await listModels(folder)),
    ...(await partialDownloads(folder)),
  ];
  const model = candidates.find((candidate) => candidate.id === id);
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
  const what = model.path ?? `what has come of ${id}`;
  if (!sure && !(await confirmed(`Delete ${what} (${formatBytes(model.bytes)})? [y/N] `))) {
    screen.print(["Nothing was deleted."]);
    return;
  }
  await removeModel(id, folder);
  screen.print([`Deleted ${id} (${formatBytes(model.bytes)}).`]);
}

async function confirmed(question: string): Promise<boolean> {
  if (!inputIsTerminal()) throw new UsageError("Deleting a model needs your word", "Add --yes.");
  standardError.write(question);
  const prompt = createInterface({ input: inputStream() });
  try {
    return /^y(es)?$/i.test((await prompt.question("")).trim());
  } finally {
    prompt.close();
  }
}
