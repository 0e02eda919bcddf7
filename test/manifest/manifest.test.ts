import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { commands, lensCommands, pageCommands } from "../../src/commands/commands";
import { promptLanguages } from "../../src/editor/prompts/prompts";
import { settingDefaults } from "../../src/editor/setting-table";
import { executionProviders, runtimeNames } from "../../src/engine/runtime/runtime";
import { refuseOtherFile } from "../../src/engine/text/not-a-text";
import { ablationRun } from "../../src/kinds/ablation";
import { kinds } from "../../src/kinds/kinds";
import { runnableKinds } from "../../src/kinds/find-kind";
import { runs } from "../../src/scoring/runs/runs";
import { repository } from "../scoring/support";

/* What package.json tells the editor stands in tables of the code too: they say the same, and nothing is declared that is not there. */

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly submenus: readonly { readonly id: string }[];
    readonly menus: Readonly<
      Record<string, readonly { readonly command?: string; readonly submenu?: string; readonly when?: string }[]>
    >;
    readonly walkthroughs: readonly { readonly steps: readonly { readonly completionEvents?: readonly string[] }[] }[];
    readonly configuration: { readonly properties: Readonly<Record<string, Property>> };
  };
}

interface Property {
  readonly default: unknown;
  readonly enum?: readonly string[];
  readonly scope: string;
}

const manifest = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as Manifest;
const { activationEvents, contributes } = manifest;
const { properties } = contributes.configuration;
const sorted = (names: readonly string[]) => [...names].sort();

describe("the manifest", () => {
  test("declares the commands that there are, but for those that only pages and what stands above prompts ask for", () => {
    const declared = contributes.commands.map(({ command }) => command);
    expect(sorted(declared)).toEqual(sorted(Object.keys(commands).map((name) => `paramscope.${name}`)));
    for (const name of Object.keys({ ...pageCommands, ...lensCommands }))
      expect(declared).not.toContain(`paramscope.${name}`);
  });

  test("offers in menus what it declares", () => {
    const declared = new Set(contributes.commands.map(({ command }) => command));
    const offered = Object.values(contributes.menus).flatMap((items) => items.flatMap(({ command }) => command ?? []));
    expect(offered.filter((command) => command.startsWith("paramscope.") && !declared.has(command))).toEqual([]);
  });

  test("has one entry in the explorer's and the editor's menu, with the rest inside, and none on what is no text", () => {
    const names = contributes.submenus.map(({ id }) => id);
    const outer = ["explorer/context", "editor/context"].map((menu) => contributes.menus[menu]);
    expect(outer.map((items) => items?.map(({ submenu }) => submenu))).toEqual(names.map((name) => [name]));
    for (const name of names) expect(contributes.menus[name]?.length).toBeGreaterThan(3);
    const [, source = "", flags] = /=~ \/(.*)\/(i?)$/.exec(outer[0]?.[0]?.when ?? "") ?? [];
    const readable = new RegExp(source, flags);
    const texts = [
      "",
      ".txt",
      ".md",
      ".py",
      ".ts",
      ".jsonl",
      ".csv",
      ".ipynb",
      ".prompty",
      ".svg",
      ".a2",
      ".binary",
      ".objc",
    ];
    expect(texts.filter((extension) => !readable.test(extension))).toEqual([]);
    const others = [".png", ".JPG", ".zip", ".so", ".pdf", ".docx", ".safetensors", ".gguf", ".bin", ".paramscope"];
    expect(others.filter((extension) => readable.test(extension))).toEqual([]);
  });

  test("ticks steps of the walkthrough by results and choices, which no error brings", () => {
    const events = contributes.walkthroughs.flatMap(({ steps }) =>
      steps.flatMap((step) => step.completionEvents ?? []),
    );
    const pages = runnableKinds().map(({ page }) => `onContext:paramscope.made.${page}`);
    const known = [...pages, "onSettingChanged:paramscope.model", "onCommand:paramscope.previewPruning"];
    expect(events.length).toBeGreaterThan(5);
    expect(events.filter((event) => !known.includes(event))).toEqual([]);
  });

  test("declares the settings that are read, with their defaults and choices", () => {
    const declared = Object.entries(properties).map(([name, property]) => [name, property.default]);
    const read = Object.entries(settingDefaults).map(([name, value]) => [`paramscope.${name}`, value]);
    expect(Object.fromEntries(declared)).toEqual(Object.fromEntries(read));
    expect(properties["paramscope.runtime"].enum).toEqual(["auto", ...runtimeNames]);
    expect(properties["paramscope.executionProvider"].enum).toEqual([...executionProviders]);
  });

  test("wakes the extension for the panels that are restored, and for texts that prompts stand in", () => {
    const panels = runnableKinds().map(({ page }) => `onWebviewPanel:paramscope.${page}`);
    const texts = promptLanguages.map((language) => `onLanguage:${language}`);
    expect(sorted(activationEvents)).toEqual(sorted([...panels, ...texts]));
  });

  test("speaks of results of the history by kinds that there are", () => {
    const conditions = Object.values(contributes.menus).flatMap((items) => items.flatMap(({ when }) => when ?? []));
    const named = conditions.flatMap((when) => [...when.matchAll(/result\.(\w+)/g)].map(([, page]) => page));
    expect(named.length).toBeGreaterThan(0);
    const pages = runnableKinds().map(({ page }) => page);
    expect(named.filter((page) => page === undefined || !pages.includes(page))).toEqual([]);
  });
});

describe("the kinds", () => {
  test("that are run in the editor are those that the scoring process runs", () => {
    // what an ablation finds becomes part of an analysis
    const shown = runs.filter((run) => run.format !== ablationRun.format);
    expect(sorted(runnableKinds().map(({ format }) => format))).toEqual(sorted(shown.map(({ format }) => format)));
  });

  test("have a page each, and every page but the preview's is one of a kind", () => {
    const pages = readdirSync(join(repository, "webview")).filter((name) =>
      existsSync(join(repository, "webview", name, "main.ts")),
    );
    expect(sorted(pages)).toEqual(sorted([...kinds.map(({ page }) => page), "preview"]));
    for (const { format, page } of kinds) expect(format).toBe(`paramscope.${page}`);
  });

  test("are told from texts, each by what it is", () => {
    for (const { format } of kinds)
      expect(() => refuseOtherFile("x.txt", `{"format":"${format}"}`)).toThrow(
        /\((an?|counts|sentence) .*\), not a text$/,
      );
  });

  test("have a schema of their own format", async () => {
    for (const kind of kinds) {
      const issues = (await kind.schema()).safeParse({ format: "another" }).error?.issues ?? [];
      expect(issues.find(({ path }) => path[0] === "format")?.message).toContain(kind.format);
    }
  });
});
