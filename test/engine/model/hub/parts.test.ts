import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  curatedModels,
  formatModelId,
  hubSettings,
  parseModelId,
  partialDownloads,
  removeModel,
} from "../../../../src/engine/model/hub";
import { writeError } from "../../../../src/engine/model/hub/errors";
import { makePartialFolder, partialFolder } from "../../../../src/engine/model/hub/folders";
import { retrying, Transient } from "../../../../src/engine/model/hub/retry";
import { failureOf, lineOf } from "../../support/errors";
import { fixturePath } from "../../support/reference";

describe("ids", () => {
  test.each([
    ["HuggingFaceTB/SmolLM2-135M", "HuggingFaceTB/SmolLM2-135M"],
    [" https://huggingface.co/Qwen/Qwen2.5-0.5B ", "Qwen/Qwen2.5-0.5B"],
    ["owner/name:model.Q4_K_M.gguf", "owner/name:model.Q4_K_M.gguf"],
    ["owner/name:UD-Q4_K_XL/model-00002-of-00003.gguf", "owner/name:UD-Q4_K_XL/model-00002-of-00003.gguf"],
  ])("%s", (text, id) => {
    expect(formatModelId(parseModelId(text))).toBe(id);
  });

  test.each([
    "gpt2",
    "a/b/c",
    "../name",
    "owner/..",
    "owner/a..b",
    "owner/a--b",
    ".hidden/name",
    "owner/.name",
    "/name",
    "owner/",
    "owner\\name",
    "owner/na me",
    "owner/name\n",
    "owner/name:",
    "owner/name:../x.gguf",
    "owner/name:dir/../x.gguf",
    "owner/name:dir/dir/x.gguf",
    "owner/name:/x.gguf",
    "owner/name:.dir/x.gguf",
    "owner/name:con/x.gguf",
    "owner/name:dir\\x.gguf",
    "owner/name:x.bin",
    "owner/name:a.gguf:b.gguf",
    "http://huggingface.co/a/b",
    `owner/${"a".repeat(97)}`,
  ])("%j is none", async (text) => {
    if (text === "owner/name\n") expect(parseModelId(text).repository).toBe("owner/name");
    else expect(await failureOf(() => parseModelId(text))).toMatch(/is no (id of a model|name of a GGUF file)/);
  });

  test("all curated ones are well formed, once each, smallest first", () => {
    const ids = curatedModels.map(({ id }) => formatModelId(parseModelId(id)));
    expect(new Set(ids).size).toBe(ids.length);
    const sizes = curatedModels.map(({ approximateBytes }) => approximateBytes);
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
  });
});

describe("settings", () => {
  test("of the environment", () => {
    expect(hubSettings({})).toEqual({ endpoint: "https://huggingface.co", token: undefined });
    expect(hubSettings({ HF_ENDPOINT: "", HF_TOKEN: "" })).toEqual({
      endpoint: "https://huggingface.co",
      token: undefined,
    });
    expect(hubSettings({ HF_ENDPOINT: "http://mirror:8080/hub/", HF_TOKEN: "hf_x\n" })).toEqual({
      endpoint: "http://mirror:8080/hub",
      token: "hf_x",
    });
  });

  test("that are unusable", async () => {
    for (const HF_ENDPOINT of ["mirror", "file:///etc", "https://mirror/?a=b"])
      expect(await failureOf(() => hubSettings({ HF_ENDPOINT }))).toContain("is no address of a Hugging Face Hub");
    const line = await failureOf(() => hubSettings({ HF_TOKEN: "hf_a\nhf_b" }));
    expect(line).toContain("holds characters that no token has");
    expect(line).not.toContain("hf_a");
  });
});

describe("tries", () => {
  const policy = { attempts: 3, delay: () => 1, patience: 60_000 };
  const { signal } = new AbortController();
  const fail = () => Promise.reject(new Transient("no"));

  test("only what may heal is tried again, so often", async () => {
    let calls = 0;
    const work = (error: Error) => () => {
      calls++;
      return Promise.reject(error);
    };
    await expect(retrying(work(new Transient("no")), policy, signal)).rejects.toThrow("no");
    await expect(retrying(work(new Error("other")), policy, signal)).rejects.toThrow("other");
    expect(calls).toBe(4);
  });

  test("what gains is tried on", async () => {
    let gains = 10;
    await expect(retrying(fail, policy, signal, () => gains-- > 0)).rejects.toThrow("no");
    expect(gains).toBeLessThan(0);
  });

  test("aborting ends the wait", async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    const patient = { attempts: 3, delay: () => 1e6, patience: 60_000 };
    await expect(retrying(fail, patient, controller.signal)).rejects.toThrow("aborted");
  });
});

test.each([
  [
    "ENOSPC",
    "The disk became full while x was written. Make room and start the download again: it goes on from there.",
  ],
  [
    "EACCES",
    "x may not be written. Check the permissions of the models folder, or choose another one (PARAMSCOPE_MODELS).",
  ],
  ["EIO", "x cannot be written (EIO). Check the disk, or choose another models folder (PARAMSCOPE_MODELS)."],
])("%s while writing", (code, line) => {
  expect(lineOf(writeError("x", Object.assign(new Error(code), { code })))).toBe(line);
});

describe("the models folder", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "paramscope-hub-"));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  async function addPartial(name: string, bytes: number): Promise<void> {
    await mkdir(join(folder, ".partial", name), { recursive: true });
    await writeFile(join(folder, ".partial", name, "model.safetensors.partial"), Buffer.alloc(bytes));
  }

  test("tells of interrupted downloads", async () => {
    expect(await partialDownloads(folder)).toEqual([]);
    await addPartial("owner--name", 1000);
    await addPartial("owner--name--a--b.gguf", 10);
    await addPartial("owner--name--Q4~c.gguf", 10);
    await addPartial("whatever", 10);
    expect(await partialDownloads(folder)).toEqual([
      { id: "owner/name", bytes: 1000 },
      { id: "owner/name:Q4/c.gguf", bytes: 10 },
      { id: "owner/name:a--b.gguf", bytes: 10 },
    ]);
  });

  test("keeps a download whose id is longer than a name of a folder, and tells of it", async () => {
    const id = `${"o".repeat(96)}/${"n".repeat(96)}:${"f".repeat(150)}/${"g".repeat(200)}.gguf`;
    const path = await makePartialFolder(folder, parseModelId(id));
    expect(path).toBe(partialFolder(folder, parseModelId(id)));
    await writeFile(join(path, "g.gguf.partial"), Buffer.alloc(10));
    expect(await partialDownloads(folder)).toEqual([{ id, bytes: 10 }]);
    await removeModel(id, folder);
    expect(await readdir(folder)).toEqual([]);
  });

  test("removes a model, what is left of one, and a GGUF file", async () => {
    await cp(fixturePath("gpt2"), join(folder, "owner/name"), { recursive: true });
    await addPartial("owner--name", 10);
    await removeModel("owner/name", folder);
    expect(await readdir(folder, { recursive: true })).toEqual(["owner"]);
    await addPartial("owner--name--a.gguf", 10);
    await removeModel("owner/name:a.gguf", folder);
    await addPartial("owner--name--Q4~c.gguf", 10);
    await removeModel("owner/name:Q4/c.gguf", folder);
    await mkdir(join(folder, "owner/name"));
    await writeFile(join(folder, "owner/name/b.gguf"), "");
    await removeModel("owner/name/b.gguf", folder);
    expect((await readdir(folder, { recursive: true })).sort()).toEqual(["owner", join("owner", "name")]);
  });

  test.each(["owner/none", "../x", "owner/../..", "", "owner//x", ".partial", "a\\b"])("removes no %j", async (id) => {
    await mkdir(join(folder, ".partial"));
    expect(await failureOf(() => removeModel(id, folder))).toMatch(/There is no model|is no id of a model/);
    expect(await readdir(folder)).toEqual([".partial"]);
  });

  test.skipIf(process.platform === "win32")("of a link only the link", async () => {
    await cp(fixturePath("gpt2"), join(folder, "original"), { recursive: true });
    await symlink("original", join(folder, "link"));
    await removeModel("link", folder);
    expect(await readdir(folder)).toEqual(["original"]);
  });
});
