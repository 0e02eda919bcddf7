import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";

import { repository } from "../scoring/support";

/*
 * The files and folders that the documentation names are there. A page names them from the root of the repository, or, shorter, from
 * its own folder, or from one that it names elsewhere.
 */

const inDocs = readdirSync(join(repository, "docs"), { recursive: true, encoding: "utf8" });
const pages = [
  ...inDocs.filter((path) => path.endsWith(".md")).map((path) => join("docs", path)),
  "README.md",
  "CONTRIBUTING.md",
  "webview/README.md",
];
const rooms = ["bench", "docs", "media", "models", "samples", "scripts", "src", "test", "webview"];

/** What stands in backticks and looks like a file or a folder of the repository; names in capitals stand for others. */
function namedPaths(text: string): string[] {
  const quoted = [...text.matchAll(/`([\w.@-]+(?:\/[\w.@-]+)*\/?)`/g)].flatMap(([, path]) => path ?? []);
  const isOurs = (path: string) =>
    rooms.some((room) => path.startsWith(`${room}/`)) ||
    /\.(ts|mts|mjs|py|sh|css|md)$/.test(path) ||
    path.endsWith("/");
  return quoted.filter((path) => isOurs(path) && !/^dist\/|\b[A-Z]{4,}\b(?!\.md)/.test(path));
}

/** The paths that a page names and that are nowhere. */
function missingPaths(page: string, text: string): string[] {
  const paths = namedPaths(text);
  const folders = new Set([".", dirname(page)]);
  const placesOf = (path: string) =>
    [...folders].map((folder) => join(folder, path)).filter((place) => existsSync(join(repository, place)));
  let known = 0;
  // What was found names further folders.
  while (folders.size > known) {
    known = folders.size;
    for (const place of paths.flatMap(placesOf)) folders.add(place.endsWith("/") ? place : dirname(place)).add(place);
  }
  return paths.filter((path) => placesOf(path).length === 0);
}

describe.each(pages)("%s", (page) => {
  const text = readFileSync(join(repository, page), "utf8");

  test("names files that are there", () => {
    expect(missingPaths(page, text)).toEqual([]);
  });

  test("links to files and headings that are there", () => {
    const links = [...text.matchAll(/\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
    const missing = links.filter(([, path = "", heading]) => {
      const target = path === "" ? join(repository, page) : join(repository, dirname(page), path);
      if (!existsSync(target)) return true;
      return heading !== undefined && !headingsOf(readFileSync(target, "utf8")).includes(heading);
    });
    expect(missing.map(([link]) => link)).toEqual([]);
  });
});

/** The anchors of a page's headings, as GitHub makes them. */
function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

test("a path that is nowhere is found, and one that stands for others is none", () => {
  const text =
    "`src/format`, `src/format/claims.ts`, `claims.ts`, `lost.ts`, `src/lost/`, `kernels/NAME.ts`, `config.json`";
  expect(missingPaths("docs/any.md", text)).toEqual(["lost.ts", "src/lost/"]);
});
