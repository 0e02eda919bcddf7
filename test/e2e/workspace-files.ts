import { readFileSync } from "node:fs";
import { join } from "node:path";

import { repository } from "./server";

export const story = sample("fiction/harbour.txt");
export const firstLine = "Write a haiku about rain on a tin roof.";
export const secondLine = "Write a limerick about rain on a tin roof.";
/** Of the notebook's cell. */
export const cellText = "A lighthouse stands at the end of the pier.";

/** A name that VS Code would take for a link to a command of its own, and for a picture. */
export const hostileName = "[run](command:workbench.action.toggleSidebarVisibility) $(flame) \u202E";

/** What the tests' workspace holds. */
export function workspaceFiles(): Record<string, string | Uint8Array> {
  // Their run must still be under way when a test comes to cancel or kill it, however fast the machine.
  const many = Array.from({ length: 64 }, (_, i) => [`many/${i}.txt`, `${i}. ${story.repeat(2)}`] as const);
  const binary = Uint8Array.from({ length: 2048 }, (_, i) => (i * 7) % 256);
  const notebook = {
    cells: [{ cell_type: "code", metadata: {}, outputs: [], execution_count: null, source: [cellText] }],
    metadata: { language_info: { name: "python" } },
    nbformat: 4,
    nbformat_minor: 5,
  };
  return {
    "story.txt": story,
    "short.txt": "The lighthouse keeper counted the boats.",
    "lines.txt": `${firstLine}\n${secondLine}\n`,
    "tasks/cyclists.txt": sample("math/cyclists.txt"),
    "tasks/orchard.txt": sample("math/orchard.txt"),
    ...Object.fromEntries(many),
    "kinds/letters/first.txt": "Dear Anna, the boats are all in and the harbour is quiet.",
    "kinds/letters/second.txt": "Dear Ben, the winter was long and we are glad of the light.",
    "kinds/letters/third.txt": "Dear Clara, come in June when the ferries run again.",
    "kinds/letters/picture.bin": binary,
    "kinds/sums/apples.txt": "Three baskets with twelve apples each are 3 * 12 = 36 apples.",
    "kinds/sums/trains.txt": "A train that goes 80 km in an hour goes 200 km in 2.5 hours.",
    "kinds/single/only.txt": "There is but one text here.",
    ...Object.fromEntries(
      many.map(([path, text], i) => [path.replace("many", i % 2 ? "long/monday" : "long/tuesday"), text]),
    ),
    "cat.txt": "The cat sat on the",
    "dog.txt": "The dog sat on the",
    "short-cat.txt": "The cat",
    [`${hostileName}.txt`]: "The cat sat on the mat.",
    [`${hostileName}.dat`]: binary,
    "empty.txt": "",
    "picture.dat": binary,
    "large.txt": story.repeat(Math.ceil(2e6 / story.length)),
    "cells.ipynb": JSON.stringify(notebook),
    "broken.paramscope": '{"format":"paramscope.analysis","version":1,"model":{}}',
    "saved.txt": '{"format":"paramscope.analysis","version":1}',
    "cut.paramscope": '{"format":"paramscope.analysis",',
    "broken-model/config.json": '{"model_type":"llama"}',
    "memory.code-workspace": JSON.stringify({ folders: [{ uri: "memory:/notes", name: "notes" }] }),
  };
}

function sample(name: string): string {
  return readFileSync(join(repository, "samples", name), "utf8");
}
