import { cp, mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { paramscope, repository } from "./session";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-models-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const models = (...args: string[]) => paramscope(["models", ...args], { env: { PARAMSCOPE_MODELS: folder } });

async function addModel(id: string): Promise<void> {
  await mkdir(join(folder, id), { recursive: true });
  await cp(join(repository, "test/fixtures/gpt2"), join(folder, id), { recursive: true });
}

test("lists the bundled model and those of the models folder, with architecture and size", async () => {
  await addModel("owner/tiny-gpt2");
  const { code, stdout, stderr } = await models();
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout.replaceAll(folder, "FOLDER")).toMatchInlineSnapshot(`
    "id               architecture  parameters     size
    demo             llama              5.51M  11.3 MB  bundled, the default
    owner/tiny-gpt2  gpt2                349k  1.46 MB

    Your models folder: FOLDER
    \`paramscope models --available\` lists some to download.
    "
  `);
});

test("removes a model of the models folder, once it is sure", async () => {
  await addModel("owner/tiny-gpt2");
  expect(await models("remove", "owner/tiny-gpt2")).toEqual({
    code: 2,
    stdout: "",
    stderr: "paramscope: Deleting a model needs your word. Add --yes.\n",
  });
  expect(await readdir(join(folder, "owner"))).toEqual(["tiny-gpt2"]);
  const { code, stdout } = await models("remove", "owner/tiny-gpt2", "--yes");
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^Deleted owner\/tiny-gpt2 \(.* MB\)\.\n$/)]);
  expect(await readdir(join(folder, "owner"))).toEqual([]);
});

test.skipIf(process.platform === "win32")("of a link only the link is removed", async () => {
  await addModel("original");
  await symlink("original", join(folder, "link"));
  const outcome = await models("remove", "link", "--yes");
  expect(outcome.code).toBe(0);
  expect(await readdir(folder)).toEqual(["original"]);
});
