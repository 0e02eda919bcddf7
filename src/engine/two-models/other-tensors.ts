import type { OtherTensor } from "../document/document";
import { outsideTensors } from "../model/architectures/outside-tensors";
import { blockTensor, kindsOfBlocks, type Model } from "../model/model";
import { elementAt } from "../numbers/elements";

/** Floats that are read of either model at once. */
const CHUNK = 2 ** 20;

/** A tensor that both models have: under one name in each, and so many rows of it. */
interface Counterparts {
  readonly a: string;
  readonly b: string;
  readonly rows: number;
  readonly columns: number;
}

interface Difference {
  parameters: number;
  squares: number;
  changeSquares: number;
}

/**
 * How the tensors outside of the scored matrices differ: embedding, head, norms, biases. Those of the blocks by their name, all layers
 * together and each for itself. Of two vocabularies the rows of the tokens that both have are compared.
 * @param tokens how many those are.
 */
export async function compareOtherTensors(
  a: Model,
  b: Model,
  tokens: number,
  signal: AbortSignal | undefined,
): Promise<OtherTensor[]> {
  const differ = async (counterparts: Counterparts): Promise<Difference> => {
    signal?.throwIfAborted();
    return await differenceOf(a, b, counterparts);
  };
  const found: OtherTensor[] = [];
  for (const outside of outsideOf(a, b, tokens)) found.push(described(nameOf(outside), await differ(outside)));
  for (const { name, shape, of } of otherBlockTensors(a)) {
    const rows = shape.length > 1 ? elementAt(shape, 0) : 1;
    const columns = shape.reduce((size, dim) => size * dim, 1) / rows;
    const all: Difference = { parameters: 0, squares: 0, changeSquares: 0 };
    const layers: (number | null)[] = [];
    for (let layer = 0; layer < a.layers; layer++) {
      if (!of.has(layer)) {
        layers.push(null);
        continue;
      }
      const one = await differ({ a: blockTensor(a, layer, name), b: blockTensor(b, layer, name), rows, columns });
      all.parameters += one.parameters;
      all.squares += one.squares;
      all.changeSquares += one.changeSquares;
      layers.push(relative(one));
    }
    found.push({ ...described(name, all), layers });
  }
  return found;
}

/** What the blocks have beside scored matrices: a tensor's name and shape, and the layers that have it so. */
function otherBlockTensors(
  model: Model,
): { readonly name: string; readonly shape: readonly number[]; readonly of: ReadonlySet<number> }[] {
  const found = new Map<
    string,
    { readonly name: string; readonly shape: readonly number[]; readonly of: Set<number> }
  >();
  for (const block of kindsOfBlocks(model)) {
    const scored = new Set(block.modules.map(({ name }) => `${name}.weight`));
    const layers = model.blocks.flatMap((own, layer) => (own === block ? [layer] : []));
    for (const { name, shape } of block.weights) {
      if (scored.has(name)) continue;
      const key = `${name} ${shape.join(" ")}`;
      const known = found.get(key) ?? { name, shape, of: new Set<number>() };
      for (const layer of layers) known.of.add(layer);
      found.set(key, known);
    }
  }
  return [...found.values()];
}

/** The name in the checkpoint; of a head that only one model has apart from its embedding, that model's. */
function nameOf({ a, b }: Counterparts): string {
  return a.includes("embed") && a !== b ? b : a;
}

function* outsideOf(a: Model, b: Model, tokens: number): Generator<Counterparts> {
  const others = outsideTensors(b.definition);
  const isTied = [a, b].every(({ definition: { head, embedding } }) => head.weight === embedding.tokens);
  for (const [role, { name, shape, rowsOf }] of outsideTensors(a.definition)) {
    const other = others.get(role);
    if (other === undefined || (role === "head" && isTied)) continue;
    const [first = 1, columns = first] = shape;
    const [most = 1] = other.shape;
    if (rowsOf === "tokens") yield { a: name, b: other.name, rows: Math.min(tokens, first, most), columns };
    else if (rowsOf === "positions") yield { a: name, b: other.name, rows: Math.min(first, most), columns };
    // a bias for each token has no rows that could be read alone
    else if (first === most) yield { a: name, b: other.name, rows: shape.length > 1 ? first : 1, columns };
  }
}

async function differenceOf(
  a: Model,
  b: Model,
  { a: own, b: other, rows, columns }: Counterparts,
): Promise<Difference> {
  const height = Math.min(rows, Math.max(1, Math.floor(CHUNK / columns)));
  const [first, second] = [new Float32Array(height * columns), new Float32Array(height * columns)];
  let [squares, changeSquares] = [0, 0];
  for (let from = 0; from < rows; from += height) {
    const to = Math.min(rows, from + height);
    const size = (to - from) * columns;
    await a.checkpoint.read(own, first.subarray(0, size), from, to);
    await b.checkpoint.read(other, second.subarray(0, size), from, to);
    for (let i = 0; i < size; i++) {
      const w = first[i]!;
      const moved = second[i]! - w;
      squares += w * w;
      changeSquares += moved * moved;
    }
  }
  return { parameters: rows * columns, squares, changeSquares };
}

function relative({ squares, changeSquares }: Difference): number | null {
  return squares > 0 ? Math.sqrt(changeSquares / squares) : null;
}

function described(name: string, difference: Difference): OtherTensor {
  return {
    name,
    parameters: difference.parameters,
    norm: Math.sqrt(difference.squares),
    changeNorm: Math.sqrt(difference.changeSquares),
    relative: relative(difference),
    layers: null,
  };
}
