import { existsSync } from "node:fs";

import { ParamscopeError } from "../engine/errors";
import { MOST_SPARSITY } from "../engine/prune/allocation";
import { isOf } from "../kinds/kind";
import { pruningKind } from "../kinds/pruning";
import { UsageError } from "./failure";
import { readSavedText } from "./saved";

/**
 * How a file spreads a pruning over the layers: a JSON list of shares, one for each layer, or what `prune --output` saved.
 * @throws ParamscopeError where the file cannot be read or is neither; UsageError where there is none.
 */
export async function readAllocation(path: string): Promise<readonly number[]> {
  if (!existsSync(path))
    throw new UsageError(
      `There is neither an allocation nor a file ${path}`,
      "Write --allocation uniform, activation, owl or a JSON file.",
    );
  const text = await readSavedText(path);
  const listed = listOf(text);
  if (listed === undefined) {
    const { parseDocument } = await import("../kinds/parse-document");
    const document = await parseDocument(text, path);
    if (isOf(pruningKind, document)) return document.layers.map(({ sparsity }) => sparsity);
    throw new ParamscopeError(`${path} does not say how a pruning is spread over layers.`, REMEDY);
  }
  const odd = listed.findIndex((share) => !(typeof share === "number" && share >= 0 && share <= MOST_SPARSITY));
  if (odd >= 0) throw new ParamscopeError(`${path} gives layer ${odd} no share from 0 to ${MOST_SPARSITY}.`, REMEDY);
  if (listed.length === 0) throw new ParamscopeError(`${path} lists no layers.`, REMEDY);
  return listed as number[];
}

const REMEDY =
  "Write a JSON list such as [0.4, 0.5, 0.6], a share for each layer, or name what `paramscope prune --output` saved.";

function listOf(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    // read as a document it is said what is wrong
    return undefined;
  }
}
