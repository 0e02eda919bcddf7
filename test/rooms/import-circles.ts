import { readdirSync, readFileSync } from "node:fs";
import { join, posix, sep } from "node:path";
import { preProcessFile } from "typescript";

/** Files, and the ones that each of them imports. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** The imports among the TypeScript files below `folder`, by their paths within it; those of types alone count too. */
export function importsBelow(folder: string): ImportGraph {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => path.split(sep).join("/"))
    .sort();
  const known = new Set(files);
  return new Map(
    files.map((file) => {
      const { importedFiles } = preProcessFile(readFileSync(join(folder, file), "utf8"));
      const imported = importedFiles
        .filter(({ fileName }) => fileName.startsWith("."))
        .map(({ fileName }) => posix.join(posix.dirname(file), fileName))
        .flatMap((path) => [`${path}.ts`, `${path}/index.ts`].find((candidate) => known.has(candidate)) ?? []);
      return [file, imported];
    }),
  );
}

/**
 * A circle of imports for each group of files that reach one another, as `a → b → a`; empty where there is none. The groups
 * are the graph's strongly connected components (Tarjan, "Depth-first search and linear graph algorithms", 1972).
 */
export function importCircles(graph: ImportGraph): string[] {
  return connectedFiles(graph).flatMap((group) => circleWithin(group, graph)?.join(" → ") ?? []);
}

function connectedFiles(graph: ImportGraph): string[][] {
  const groups: string[][] = [];
  const order = new Map<string, number>();
  /** Visited, and not yet in a group. */
  const open: string[] = [];
  const isOpen = new Set<string>();

  const visit = (file: string): number => {
    const index = order.size;
    order.set(file, index);
    open.push(file);
    isOpen.add(file);
    let low = index;
    for (const imported of graph.get(file) ?? []) {
      const seen = order.get(imported);
      if (seen === undefined) low = Math.min(low, visit(imported));
      else if (isOpen.has(imported)) low = Math.min(low, seen);
    }
    if (low === index) {
      const group = open.splice(open.indexOf(file));
      for (const member of group) isOpen.delete(member);
      groups.push(group);
    }
    return low;
  };

  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return groups;
}

/** The shortest way through `group` from its first file back to it. */
function circleWithin(group: readonly string[], graph: ImportGraph): string[] | undefined {
  const [first] = group;
  if (first === undefined) return undefined;
  const members = new Set(group);
  const ways = [[first]];
  for (const way of ways) {
    for (const imported of graph.get(way.at(-1) ?? first) ?? []) {
      if (imported === first) return [...way, first];
      if (members.delete(imported)) ways.push([...way, imported]);
    }
  }
  return undefined;
}
