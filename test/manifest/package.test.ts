import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { repository } from "../scoring/support";

/* What is installed on a user's machine: the files, and the licences of all software in them. */

const licences = ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "0BSD", "Bitstream-Vera"];

test("the package has these files, and no others", async () => {
  const said = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: repository,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    shell: process.platform === "win32",
  });
  const [{ files }] = JSON.parse(said) as [{ files: { path: string }[] }];
  const paths = files.map(({ path }) => path).sort();
  await expect(`${paths.join("\n")}\n`).toMatchFileSnapshot("golden/package.txt");
});

test("all software in it is under a licence that allows it", () => {
  const notices = readFileSync(join(repository, "dist/THIRD-PARTY-NOTICES.txt"), "utf8");
  const packages = [...notices.matchAll(/^(\S+) \d\S* \(([^)]+)\)$/gm)];
  expect(packages.length).toBeGreaterThan(20);
  // what is no package, and is said all the same
  expect(packages.map(([, name]) => name)).toEqual(expect.arrayContaining(["dejavu-sans-condensed", "ggml"]));
  expect(packages.filter(([, , licence]) => !licences.includes(licence ?? "")).map(([line]) => line)).toEqual([]);
});
