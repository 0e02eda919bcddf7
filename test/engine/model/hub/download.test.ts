import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openCheckpoint } from "../../../../src/engine/model/formats/open";
import {
  downloadModel,
  type DownloadOptions,
  type DownloadProgress,
  partialDownloads,
  proxyFetch,
  removeModel,
} from "../../../../src/engine/model/hub";
import { listModels } from "../../../../src/engine/model/library/list";
import { openModel } from "../../../../src/engine/model/model";
import { failureOf } from "../../support/errors";
import { GgufCopy } from "../../support/gguf-copy";
import { fixturePath } from "../../support/reference";
import { HubServer } from "./hub-server";

const id = "owner/tiny-llama";
const weights = "model.safetensors";
const taken = ["config.json", "generation_config.json", weights, "tokenizer.json", "tokenizer_config.json"];

let hub: HubServer;
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-hub-"));
  hub = await HubServer.start(id, fixturePath("llama"));
});

afterEach(async () => {
  await hub.stop();
  await rm(folder, { recursive: true });
});

function download(options: Partial<DownloadOptions> = {}, model = id) {
  return downloadModel(model, {
    folder,
    endpoint: hub.endpoint,
    signal: new AbortController().signal,
    retry: { attempts: 3, delay: () => 5, patience: 60_000 },
    ...options,
  });
}

async function failure(options: Partial<DownloadOptions> = {}, model = id): Promise<string> {
  const line = await failureOf(() => download(options, model));
  return line.replaceAll(hub.endpoint, "HUB").replaceAll(folder, "FOLDER");
}

/** Files of the models folder, hidden ones too, with their sizes. */
async function present(): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) =>
    join(parentPath, name)
      .slice(folder.length + 1)
      .replaceAll("\\", "/"),
  );
  return paths.sort();
}

const partial = ".partial/owner--tiny-llama/model.safetensors.partial";

/** Leaves the first `bytes` of the weights as an interrupted download would. */
async function interruptAt(bytes: number): Promise<void> {
  hub.fault = ({ file }) => (file === weights ? { stopAfter: bytes } : undefined);
  const controller = new AbortController();
  const aborted = expect(download({ signal: controller.signal })).rejects.toThrow("aborted");
  while ((await stat(join(folder, partial)).catch(() => undefined))?.size !== bytes) await setTimeout(5);
  controller.abort();
  await aborted;
  hub.fault = () => undefined;
  hub.asked.length = 0;
}

test("takes what a model needs and nothing else, and it can be opened", async () => {
  hub.add("pytorch_model.bin", Buffer.alloc(1000));
  hub.add("README.md", Buffer.from("# Llama"));
  const reports: DownloadProgress[] = [];
  const model = await download({ onProgress: (progress) => reports.push(progress) });
  const sizes = await Promise.all(taken.map(async (name) => (await stat(join(model.path, name))).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  expect(model).toEqual({ id, path: join(folder, "owner", "tiny-llama"), bytes, wasThere: false });
  expect(await present()).toEqual(taken.map((name) => `${id}/${name}`));
  for (const name of taken) {
    expect(await readFile(join(model.path, name))).toEqual(await readFile(join(fixturePath("llama"), name)));
  }
  expect(reports.at(-1)).toMatchObject({ phase: "downloading", done: bytes, total: bytes });
  const opened = await openModel(model.path);
  expect([opened.architecture, opened.name]).toEqual(["llama", "tiny-llama"]);
  await opened.close();
});

test("what is there already is not downloaded again", async () => {
  await download();
  hub.asked.length = 0;
  expect(await download()).toMatchObject({ wasThere: true, bytes: 0 });
  expect(hub.asked).toEqual([]);
});

test("a model in shards comes with all that its index names", async () => {
  await hub.stop();
  hub = await HubServer.start(id, fixturePath("olmo2"));
  hub.pageSize = 3;
  hub.add("other.safetensors", Buffer.alloc(10));
  const { path } = await download();
  const files = await readdir(path);
  expect(files.filter((name) => name.includes("safetensors"))).toEqual([
    "model-00001-of-00003.safetensors",
    "model-00002-of-00003.safetensors",
    "model-00003-of-00003.safetensors",
    "model.safetensors.index.json",
  ]);
  await (await openModel(path)).close();
});

describe("GGUF", () => {
  beforeEach(async () => {
    for (const name of [...hub.files.keys()]) hub.files.delete(name);
    hub.add("tiny.Q4.gguf", await readFile(join(fixturePath("llama"), "../../data/gguf/llama.gguf")));
  });

  test("one file by its name", async () => {
    const model = await download({}, `${id}:tiny.Q4.gguf`);
    expect(model.id).toBe(`${id}/tiny.Q4.gguf`);
    expect(await present()).toEqual([`${id}/tiny.Q4.gguf`]);
    await (await openCheckpoint(model.path)).close();
    expect(await download({}, `${id}:tiny.Q4.gguf`)).toMatchObject({ wasThere: true });
  });

  test("without a name the files are listed", async () => {
    expect(await failure()).toMatchInlineSnapshot(
      `"owner/tiny-llama holds GGUF files: one of them has to be named. Write owner/tiny-llama:FILE with one of tiny.Q4.gguf."`,
    );
    expect(await failure({}, `${id}:other.gguf`)).toMatchInlineSnapshot(
      `"owner/tiny-llama has no file other.gguf. It has tiny.Q4.gguf."`,
    );
  });

  test("what cannot be used is refused before it is downloaded", async () => {
    const head = Buffer.alloc(1 << 20);
    head.write("GGUF");
    head.writeBigUInt64LE(20n, 24);
    head.write("general.architecture", 32);
    head.writeBigUInt64LE(5n, 56);
    head.write("mamba", 64);
    hub.add("mamba.gguf", head);
    hub.add("page.gguf", Buffer.from("<html>"));
    expect(await failure({}, `${id}:mamba.gguf`)).toMatch(
      /^owner\/tiny-llama:mamba\.gguf has the architecture 'mamba', which is not supported\. Supp/,
    );
    expect(await failure({}, `${id}:page.gguf`)).toBe(
      "owner/tiny-llama:page.gguf is no GGUF file. Choose another file.",
    );
    expect(await present()).toEqual([]);
  });

  describe("in parts", () => {
    const part = (number: number): string => `tiny-0000${number}-of-00003.gguf`;
    beforeEach(async () => {
      const whole = await GgufCopy.of(join(fixturePath("llama"), "../../data/gguf-whole/llama-yarn.gguf"));
      const third = Math.ceil(whole.tensors.length / 3);
      for (const number of [1, 2, 3]) {
        const tensors = whole.tensors.slice((number - 1) * third, number * third);
        hub.add(part(number), whole.file(tensors, { number: number - 1, count: 3 }));
      }
    });

    test.each([1, 2, 3])("part %i brings them all, and the model goes by the first", async (number) => {
      const model = await download({}, `${id}:${part(number)}`);
      expect(model).toMatchObject({ id: `${id}/${part(1)}`, wasThere: false });
      expect(model.bytes).toBe(
        [1, 2, 3].reduce((sum, one) => sum + (hub.files.get(part(one))?.contents.length ?? 0), 0),
      );
      expect(await present()).toEqual([1, 2, 3].map((one) => `${id}/${part(one)}`));
      await (await openModel(model.path)).close();
      expect((await listModels(folder)).map((one) => one.id)).toEqual([model.id]);
      for (const other of [1, 2, 3])
        expect(await download({}, `${id}:${part(other)}`)).toMatchObject({ id: model.id, wasThere: true });
    });

    test("what was interrupted goes on, whichever part is named then", async () => {
      let isCut = false;
      hub.fault = ({ kind, file }) => {
        if (kind !== "file" || file !== part(2) || isCut) return undefined;
        isCut = true;
        return { status: 404 };
      };
      await failure({}, `${id}:${part(3)}`);
      expect((await partialDownloads(folder)).map((one) => one.id)).toEqual([`${id}:${part(1)}`]);
      hub.asked.length = 0;
      await (await openModel((await download({}, `${id}:${part(2)}`)).path)).close();
      // of the first part only its beginning is looked at again
      expect(hub.fetched).toEqual([part(1), part(2), part(3)]);
      expect(await present()).toEqual([1, 2, 3].map((one) => `${id}/${part(one)}`));
    });

    describe("in a folder of the repository", () => {
      const inFolder = (number: number): string => `UD-Q4_K_XL/${part(number)}`;
      beforeEach(() => {
        for (const number of [1, 2, 3]) {
          hub.add(inFolder(number), hub.files.get(part(number))?.contents ?? Buffer.alloc(0));
          hub.files.delete(part(number));
        }
      });

      test("they come all, whichever is named, and the model goes by its place there", async () => {
        const model = await download({}, `${id}:${inFolder(2)}`);
        expect(model).toMatchObject({ id: `${id}/${inFolder(1)}`, wasThere: false });
        expect(await present()).toEqual([1, 2, 3].map((one) => `${id}/${inFolder(one)}`));
        await (await openModel(model.path)).close();
        expect((await listModels(folder)).map((one) => one.id)).toEqual([model.id]);
        expect(await download({}, `${id}:${inFolder(3)}`)).toMatchObject({ id: model.id, wasThere: true });
        await removeModel(model.id, folder);
        expect(await present()).toEqual([]);
      });

      test("what was interrupted goes on", async () => {
        hub.fault = ({ file }) => (file === inFolder(2) ? { status: 404 } : undefined);
        await failure({}, `${id}:${inFolder(1)}`);
        expect((await partialDownloads(folder)).map((one) => one.id)).toEqual([`${id}:${inFolder(1)}`]);
        hub.fault = () => undefined;
        hub.asked.length = 0;
        await (await openModel((await download({}, `${id}:${inFolder(3)}`)).path)).close();
        expect(hub.fetched).toEqual([inFolder(1), inFolder(2), inFolder(3)]);
      });

      test("they are named where no file was, or another", async () => {
        hub.files.delete("tiny.Q4.gguf");
        const names = [1, 2, 3].map(inFolder).join(", ");
        expect(await failure()).toContain(`Write ${id}:FILE with one of ${names}.`);
        expect(await failure({}, `${id}:Q8_0/tiny.gguf`)).toBe(`${id} has no file Q8_0/tiny.gguf. It has ${names}.`);
      });
    });

    test("a part that is gone from the models folder comes again", async () => {
      const { path } = await download({}, `${id}:${part(1)}`);
      await rm(join(dirname(path), part(2)));
      expect(await download({}, `${id}:${part(1)}`)).toMatchObject({ wasThere: false });
      await (await openModel(path)).close();
    });

    test("a part that the repository lacks is named", async () => {
      hub.files.delete(part(2));
      expect(await failure({}, `${id}:${part(1)}`)).toMatchInlineSnapshot(
        `"owner/tiny-llama lacks 1 of the 3 parts of tiny-00001-of-00003.gguf: tiny-00002-of-00003.gguf. Choose another file."`,
      );
      expect(await failure({}, `${id}:tiny-00001-of-99999.gguf`)).toMatchInlineSnapshot(
        `"owner/tiny-llama:tiny-00001-of-99999.gguf would have 99999 parts; no model has more than 1000. Choose another file."`,
      );
      expect(await present()).toEqual([]);
    });
  });
});

describe("interruptions", () => {
  test("a connection that drops is made anew from where it broke", async () => {
    const drops = [400_000, 300_000];
    hub.fault = ({ file }) => (file === weights ? { dropAfter: drops.shift() } : undefined);
    await (await openModel((await download()).path)).close();
    // How much of what was sent has arrived when a connection breaks is the system's affair.
    const starts = hub.asked.filter(({ file }) => file === weights).map(({ from }) => from);
    expect([starts.length, starts[0]]).toEqual([3, 0]);
    expect(starts[1]).toBeGreaterThan(0);
    expect(starts[2]).toBeGreaterThan(starts[1]);
  });

  test("one over which nothing comes any more is made anew", async () => {
    const stops = [400_000];
    hub.fault = ({ file }) => (file === weights ? { stopAfter: stops.shift() } : undefined);
    await download({ retry: { attempts: 3, delay: () => 5, patience: 300 } });
    expect(hub.fetched.at(-1)).toBe(`${weights} from 400000`);
  });

  test("one that always drops is given up, and what came is kept", async () => {
    hub.fault = ({ file }) => (file === weights ? { dropAfter: 1000 } : undefined);
    expect(await failure()).toMatchInlineSnapshot(
      `"The download from HUB failed several times in a row (the connection broke). Try again later: what has come so far is kept, and the download goes on from there."`,
    );
    expect(await present()).toContain(partial);
    expect((await stat(join(folder, partial))).size).toBeGreaterThan(0);
    expect(hub.fetched.filter((file) => file.startsWith(weights))).toHaveLength(3);
  });

  test("cancelling keeps what came, and the next download goes on from there", async () => {
    await interruptAt(500_000);
    expect(await present()).toEqual([".partial/owner--tiny-llama/config.json", ...rest(), partial].sort());
    const phases = new Set<string>();
    const model = await download({ onProgress: ({ phase }) => phases.add(phase) });
    expect(hub.fetched).toEqual([`${weights} from 500000`]);
    expect(phases).toContain("checking");
    expect(await present()).toEqual(taken.map((name) => `${id}/${name}`));
    await (await openModel(model.path)).close();
  });

  test("a server that ignores ranges starts over", async () => {
    await interruptAt(500_000);
    hub.fault = () => ({ ignoreRange: true });
    await (await openModel((await download()).path)).close();
    expect(hub.fetched).toEqual([`${weights} from 500000`]);
  });

  test("what is left of other contents is found out and replaced", async () => {
    await interruptAt(500_000);
    const path = join(folder, partial);
    await writeFile(path, Buffer.alloc((await stat(path)).size, 7));
    await (await openModel((await download()).path)).close();
    expect(hub.fetched).toEqual([`${weights} from 500000`, weights]);
  });

  test("what is left is longer than the file", async () => {
    await interruptAt(500_000);
    await writeFile(join(folder, partial), Buffer.alloc(2_000_000, 7));
    await (await openModel((await download()).path)).close();
    expect(hub.fetched).toEqual([weights]);
  });

  test("a signal that is aborted already asks for nothing", async () => {
    await expect(download({ signal: AbortSignal.abort() })).rejects.toThrow("aborted");
    expect([hub.asked, await present()]).toEqual([[], []]);
  });

  test("two downloads of one model do not meet", async () => {
    hub.fault = ({ file }) => (file === weights ? { stopAfter: 1000 } : undefined);
    const controller = new AbortController();
    const first = download({ signal: controller.signal });
    const caught = expect(first).rejects.toThrow("aborted");
    while (!hub.fetched.includes(weights)) await setTimeout(5);
    expect(await failure()).toBe(
      "This model is being downloaded already. Wait until that is done. If nothing downloads it any more, delete FOLDER/.partial/owner--tiny-llama/.lock.",
    );
    controller.abort();
    await caught;
    hub.fault = () => undefined;
    await download();
  });

  test("the lock of a process that is gone does not count", async () => {
    const gathering = join(folder, ".partial", "owner--tiny-llama");
    await mkdir(gathering, { recursive: true });
    await writeFile(join(gathering, ".lock"), "2000000000");
    expect(await download()).toMatchObject({ wasThere: false });
  });

  test.runIf(process.platform === "linux")("nor does that of one whose number is another's now", async () => {
    const gathering = join(folder, ".partial", "owner--tiny-llama");
    await mkdir(gathering, { recursive: true });
    await writeFile(join(gathering, ".lock"), `${process.pid} 1`);
    expect(await download()).toMatchObject({ wasThere: false });
  });

  test("of several at once that find such a lock one downloads", async () => {
    const gathering = join(folder, ".partial", "owner--tiny-llama");
    await mkdir(gathering, { recursive: true });
    await writeFile(join(gathering, ".lock"), "2000000000");
    const ends = await Promise.allSettled(Array.from({ length: 8 }, () => download()));
    expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(hub.fetched.filter((name) => name === weights)).toEqual([weights]);
  });
});

function rest(): string[] {
  return taken
    .filter((name) => name !== weights && name !== "config.json")
    .map((name) => `.partial/owner--tiny-llama/${name}`);
}

test.each([
  ["Node's fetch", undefined],
  ["the one for proxies", proxyFetch({ HTTP_PROXY: "http://unused:1", NO_PROXY: "*" })],
])("files that are kept on another server: %s gives it the range, and not the token", async (_name, fetch) => {
  await interruptAt(500_000);
  const store = await HubServer.start(id, fixturePath("llama"));
  const location = `${store.endpoint}/${id}/resolve/${store.commit}/${weights}`;
  hub.fault = ({ file }) => (file === weights ? { status: 302, headers: { Location: location } } : undefined);
  await (await openModel((await download({ token: "hf_x", ...(fetch && { fetch }) })).path)).close();
  expect(store.asked).toEqual([{ kind: "file", file: weights, from: 500_000, authorization: undefined }]);
  expect(hub.asked.every(({ authorization }) => authorization === "Bearer hf_x")).toBe(true);
  await store.stop();
});

describe("a server that is not right", () => {
  test("503 and 429 are tried again", async () => {
    const statuses = [503, 429];
    hub.fault = ({ kind }) => (kind === "info" && statuses.length > 0 ? { status: statuses.shift() } : undefined);
    expect(await download()).toMatchObject({ wasThere: false });
    let failed = false;
    await rm(join(folder, "owner"), { recursive: true });
    hub.fault = ({ file }) => {
      if (file !== weights || failed) return undefined;
      failed = true;
      return { status: 500 };
    };
    expect(await download()).toMatchObject({ wasThere: false });
    expect(failed).toBe(true);
  });

  test("503 for ever is given up", async () => {
    hub.fault = () => ({ status: 503 });
    expect(await failure()).toMatchInlineSnapshot(
      `"The download from HUB failed several times in a row (status 503). Try again later."`,
    );
    expect([hub.asked.length, await present()]).toEqual([3, []]);
  });

  test("wrong bytes are found out by the checksum", async () => {
    const wrong = Buffer.from(hub.files.get(weights)?.contents ?? []);
    wrong[wrong.length - 1] ^= 1;
    hub.fault = ({ file }) => (file === weights ? { body: wrong } : undefined);
    expect(await failure()).toMatchInlineSnapshot(
      `"model.safetensors arrived with other contents than the repository promises: its checksum is wrong, and it was deleted. Download it again; behind a mirror or a proxy, try without it."`,
    );
    expect(await present()).toContain(partial);
    expect((await stat(join(folder, partial))).size).toBe(0);
    hub.fault = () => undefined;
    await (await openModel((await download()).path)).close();
  });

  test("wrong bytes of a small file too, by git's checksum", async () => {
    const config = Buffer.from(hub.files.get("config.json")?.contents ?? []);
    config[config.length - 2] = 0x20;
    hub.fault = ({ file }) => (file === "config.json" ? { body: config } : undefined);
    expect(await failure()).toMatch(/^config\.json arrived with other contents than the repository promises/);
    expect(await present()).toEqual([]);
  });

  test.each([
    ["fewer", -1000],
    ["more", 1000],
  ])("a size that is %s than listed", async (_what, by) => {
    const file = hub.files.get(weights);
    if (file) file.size += by;
    expect(await failure()).toMatch(
      /^model\.safetensors should have [\d,]+ bytes by the repository's listing, and the server sends 1,303,560/,
    );
    expect((await stat(join(folder, "owner")).catch(() => undefined))?.isDirectory()).toBeUndefined();
  });

  test("more bytes than it says itself, without a length", async () => {
    const contents = hub.files.get(weights)?.contents ?? Buffer.alloc(0);
    const longer = Buffer.concat([contents, Buffer.alloc(5000)]);
    hub.fault = ({ file }) => (file === weights ? { body: longer } : undefined);
    expect(await failure()).toMatch("and the server sends 1,308,560");
  });

  test("a tokenizer of 10 GB is refused", async () => {
    const file = hub.files.get("tokenizer.json");
    if (file) file.size = 1e10;
    expect(await failure()).toMatchInlineSnapshot(
      `"tokenizer.json of owner/tiny-llama would have 10 GB; no such file has more than 67.1 MB. Choose another repository."`,
    );
  });

  test("more weights than any model has are refused", async () => {
    const file = hub.files.get(weights);
    if (file) file.size = 1e15;
    expect(await failure()).toMatchInlineSnapshot(
      `"owner/tiny-llama would take 1000 TB; no open model takes more than 4 TB. Choose another repository."`,
    );
  });

  test("what is no listing", async () => {
    hub.fault = ({ kind }) =>
      kind === "list" ? { body: Buffer.from("<html>Welcome to the hotel</html>") } : undefined;
    expect(await failure()).toMatchInlineSnapshot(
      `"HUB does not answer as a Hugging Face Hub does. Check HF_ENDPOINT, and that no login page of your network is in between."`,
    );
    hub.fault = ({ kind }) =>
      kind === "list" ? { body: Buffer.from('[{"type":"file","path":"x","size":-1}]') } : undefined;
    expect(await failure()).toMatch("does not answer as a Hugging Face Hub does");
  });

  test("a listing that goes on at another server gets neither the question nor the token", async () => {
    const other = await HubServer.start(id, fixturePath("llama"));
    hub.fault = ({ kind }) =>
      kind === "list" ? { headers: { Link: `<${other.endpoint}/api>; rel="next"` } } : undefined;
    expect(await failure({ token: "hf_secret" })).toMatch("does not answer as a Hugging Face Hub does");
    expect(other.asked).toEqual([]);
    await other.stop();
  });

  test("a listing whose pages do not end, of files, of folders or of nothing", async () => {
    for (const page of ['[{"type":"directory","path":"x","size":0}]', "[]"]) {
      let pages = 0;
      hub.fault = ({ kind }) =>
        kind === "list"
          ? {
              body: Buffer.from(page),
              headers: {
                Link: `<${hub.endpoint}/api/models/${id}/tree/${hub.commit}?cursor=${++pages}>; rel="next"`,
              },
            }
          : undefined;
      expect(await failure()).toBe(
        "owner/tiny-llama lists more than 10000 files, or on more than 200 pages. Use another repository.",
      );
      expect(pages).toBe(200);
    }
  });

  test("a file without a checksum is not installed", async () => {
    const listing = [...hub.files.values()].map(({ path, size, digest }) => ({
      type: "file",
      path,
      size,
      ...(path !== weights && { oid: digest }),
    }));
    hub.fault = ({ kind }) => (kind === "list" ? { body: Buffer.from(JSON.stringify(listing)) } : undefined);
    expect(await failure()).toBe(
      "The server gives no checksum of model.safetensors, so that nobody could say whether it arrives as it is meant to be. " +
        "Download it from another server, or by other means into a folder of your own.",
    );
    expect(hub.fetched).not.toContain(weights);
  });

  test.each(["file:///etc/passwd", "ftp://elsewhere/x", "data:,x", "http://[", "gopher:x"])(
    "a redirection to %s is not followed",
    async (place) => {
      hub.fault = ({ file }) => (file === weights ? { status: 302, headers: { Location: place } } : undefined);
      expect((await failure()).replace(/127\.0\.0\.1:\d+/, "HOST")).toBe(
        `HOST sends the download on to ${place}, where it does not go. ` +
          "Check HF_ENDPOINT, and that no login page of your network is in between.",
      );
    },
  );

  test("redirections to another host come without the token, and do not go on for ever", async () => {
    const other = await HubServer.start(id, fixturePath("llama"));
    const path = `/${id}/resolve/${hub.commit}/${weights}`;
    hub.fault = ({ file }) =>
      file === weights ? { status: 302, headers: { Location: `${other.endpoint}${path}` } } : undefined;
    await download({ token: "hf_secret" });
    expect(other.asked.map(({ authorization }) => authorization)).toEqual([undefined]);
    await other.stop();
    await rm(join(folder, "owner"), { recursive: true });
    hub.fault = ({ file }) => (file === weights ? { status: 302, headers: { Location: path } } : undefined);
    expect(await failure()).toContain("sends the download on to more than 20 places");
  });

  test.each(["CON/model", "owner/nul", "owner/com1.model", "owner/x:LPT1.gguf", "aux.x/y"])(
    "%s, a name that Windows has no file of",
    async (name) => {
      expect(await failure({}, name)).toMatch(/is no (id of a model|name of a GGUF file)/);
    },
  );

  test.each([
    ["nul.safetensors"],
    ["../../evil.safetensors"],
    ["/tmp/evil.safetensors"],
    ["a\\b.safetensors"],
    ["con..safetensors"],
    ["x.bin"],
  ])("an index that names %s", async (name) => {
    hub.files.delete(weights);
    hub.add("model.safetensors.index.json", Buffer.from(JSON.stringify({ weight_map: { a: name } })));
    hub.add(name, Buffer.alloc(10));
    expect(await failure()).toMatch(
      /^model\.safetensors\.index\.json of owner\/tiny-llama names .* as a file of the model/,
    );
    expect(await present()).toEqual([]);
  });
});

describe("refusals", () => {
  test("gated, without and with a token", async () => {
    hub.fault = ({ kind }) => (kind === "file" ? { status: 401, headers: { "X-Error-Code": "GatedRepo" } } : undefined);
    expect(await failure()).toMatchInlineSnapshot(
      `"owner/tiny-llama is gated: it can be downloaded only with a token, by those who accepted its licence. Accept the licence on HUB/owner/tiny-llama, then set HF_TOKEN to a token of your account."`,
    );
    hub.fault = ({ kind }) => (kind === "file" ? { status: 403, headers: { "X-Error-Code": "GatedRepo" } } : undefined);
    const line = await failure({ token: "hf_secret" });
    expect(line).toMatchInlineSnapshot(
      `"Your token may not read owner/tiny-llama. Accept the licence on HUB/owner/tiny-llama with the token's account, and give the token the right to read gated models."`,
    );
    expect(line).not.toContain("hf_secret");
    expect(await present()).toEqual([]);
  });

  test("a token opens a gated model", async () => {
    hub.fault = ({ authorization }) => (authorization === "Bearer hf_secret" ? undefined : { status: 401 });
    expect(await download({ token: " hf_secret\n" })).toMatchObject({ wasThere: false });
  });

  test("there is no such model", async () => {
    expect(await failure({}, "owner/other")).toMatchInlineSnapshot(
      `"There is no model owner/other at HUB, or it is private. Check the id; for a private model set HF_TOKEN to a token that may read it."`,
    );
    hub.fault = () => ({ status: 404 });
    expect(await failure({ token: "hf_x" })).toMatchInlineSnapshot(
      `"There is no model owner/tiny-llama at HUB. Check the id, and that your token may see it."`,
    );
  });

  test("no server at all", async () => {
    const { endpoint } = hub;
    await hub.stop();
    const line = await failure({ endpoint });
    expect(line.replace(/127\.0\.0\.1:\d+/, "HOST")).toMatchInlineSnapshot(
      `"HUB cannot be reached (ECONNREFUSED). Check the connection, and HTTPS_PROXY if your network needs a proxy. Without a connection, copy config.json, tokenizer.json, tokenizer_config.json and all .safetensors files of the model (with their .index.json) from another machine to FOLDER/owner/tiny-llama."`,
    );
  });

  test("not enough disk", async () => {
    expect(await failure({ freeBytes: () => Promise.resolve(1e6) })).toMatchInlineSnapshot(
      `"The download needs 1.33 MB, and the disk of FOLDER has 1 MB free. Make room, or choose a models folder on another disk (PARAMSCOPE_MODELS)."`,
    );
    expect(hub.fetched).toEqual(["config.json"]);
  });

  test("what came before needs no room again", async () => {
    await interruptAt(500_000);
    expect(await download({ freeBytes: () => Promise.resolve(1e6) })).toMatchObject({ wasThere: false });
  });

  test("pickle files only", async () => {
    hub.files.delete(weights);
    hub.add("pytorch_model.bin", Buffer.alloc(1000));
    expect(await failure()).toMatchInlineSnapshot(
      `"owner/tiny-llama has its weights only as pytorch_model.bin, a pickle file, which can run code when it is read and is never downloaded. Choose a repository with safetensors, or convert it: transformers' save_pretrained writes safetensors."`,
    );
    expect(hub.fetched).toEqual([]);
  });

  test("no weights, no tokenizer", async () => {
    hub.files.delete("tokenizer.json");
    expect(await failure()).toMatchInlineSnapshot(
      `"owner/tiny-llama has no tokenizer.json. Its tokenizer is in an older form: transformers' AutoTokenizer can load it and save a tokenizer.json."`,
    );
    hub.files.delete(weights);
    expect(await failure()).toMatchInlineSnapshot(
      `"owner/tiny-llama holds neither model.safetensors nor model.safetensors.index.json. Choose a repository that holds a language model in transformers' form, or GGUF files."`,
    );
  });

  test("an unsupported architecture, before its weights come", async () => {
    hub.add("config.json", Buffer.from(JSON.stringify({ model_type: "mamba" })));
    expect(await failure()).toMatch(
      /^owner\/tiny-llama has the architecture 'mamba', which is not supported\. Supported are llama/,
    );
    expect(hub.fetched).toEqual(["config.json"]);
    expect(await present()).toEqual([]);
  });

  test("something else is in its place", async () => {
    await mkdir(join(folder, id), { recursive: true });
    await writeFile(join(folder, id, "tiny.gguf"), "");
    expect(await failure()).toBe(
      "FOLDER/owner/tiny-llama holds other files already. Remove FOLDER/owner/tiny-llama first, or choose another models folder (PARAMSCOPE_MODELS).",
    );
    await cp(fixturePath("llama"), join(folder, id), { recursive: true });
    expect(await failure({}, `${id}:new.gguf`)).toMatch("holds the same model as a folder already");
  });

  test.skipIf(process.platform === "win32")("a models folder that is a file", async () => {
    await writeFile(join(folder, "file"), "");
    expect(await failure({ folder: join(folder, "file") })).toMatch(/cannot be written \(ENOTDIR\)/);
  });
});
