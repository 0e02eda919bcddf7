import { homedir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";

import { cacheFolder, dataFolder } from "../../src/engine/user-folders";

afterEach(() => {
  vi.unstubAllEnvs();
});

describe.runIf(process.platform === "linux")("what is kept for a user", () => {
  const folders = () => [cacheFolder(), dataFolder()];

  test("is where the environment says", () => {
    vi.stubEnv("XDG_CACHE_HOME", "/some/cache");
    vi.stubEnv("XDG_DATA_HOME", "/some/data");
    expect(folders()).toEqual(["/some/cache/paramscope", "/some/data/paramscope"]);
  });

  test.each(["", "relative", "./here"])("is not in the current folder where the environment says %j", (name) => {
    const usual = [join(homedir(), ".cache/paramscope"), join(homedir(), ".local/share/paramscope")];
    vi.stubEnv("LOCALAPPDATA", undefined);
    vi.stubEnv("XDG_CACHE_HOME", name);
    vi.stubEnv("XDG_DATA_HOME", name);
    expect(folders()).toEqual(usual);
    vi.stubEnv("HOME", name);
    for (const folder of folders()) expect(folder).toMatch(/^\/.+\/paramscope$/);
  });
});
