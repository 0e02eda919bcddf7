import type { GraphBuilder, Node } from "../../graph/graph";

/** How many heads there are, and of which sizes. Each key head, and the query head beside it, serves as many value heads that follow each other. */
export interface DeltaHeads {
  readonly keyHeads: number;
  readonly valueHeads: number;
  readonly keySize: number;
  readonly valueSize: number;
}

/** What a gated delta rule reads, of each head. */
export interface DeltaInputs {
  /** `[batch, tokens, keyHeads · keySize]`, as are keys. */
  readonly query: Node;
  readonly key: Node;
  /** `[batch, tokens, valueHeads · valueSize]` */
  readonly value: Node;
  /** The logarithm of what is kept of the state, at most 0: `[batch, tokens, valueHeads]`. */
  readonly decay: Node;
  /** How far a token's value takes the place of what its key had: `[batch, tokens, valueHeads]`. */
  readonly rate: Node;
}

/** Tokens of a chunk, a power of two. Measured with 16 heads of 128 and 512 tokens: 16 takes half as long again, 64 as long. */
const CHUNK = 32;
/** Under the root of the lengths of queries and keys. */
const EPSILON = 1e-6;

/**
 * The gated delta rule (arXiv 2412.06464; transformers, `modeling_qwen3_5.py`). Every head has a state S, `[keySize, valueSize]`, 0 at first.
 * With keys and queries of length 1, a token
 *
 *     S ← exp(decay) · S;   S ← S + rate · k (v − kᵀS);   out = qᵀS / √keySize
 *
 * It is computed in chunks of tokens. Within a chunk, with c the sum of decays from its beginning on and D_ij = exp(c_i − c_j) for j ≤ i, the
 * values that are written are U − W S for the state S before the chunk, where `(I + A)(U, W) = rate · (v, exp(c) k)` and A_ij = rate_i ·
 * k_i·k_j · D_ij for j < i. So the state behind it is linear in the one before, and what is left to do one after the other is one
 * recurrence over chunks.
 * @returns `[batch, tokens, valueHeads · valueSize]`
 */
export function gatedDeltaRule(
  b: GraphBuilder,
  { query, key, value, decay, rate }: DeltaInputs,
  heads: DeltaHeads,
): Node {
  const { keyHeads, valueHeads, keySize, valueSize } = heads;
  const shared = (x: Node): Node => repeated(b, unitLength(b, byHead(b, x, keyHeads)), keyHeads, valueHeads);
  const rows = (x: Node): Node =>
    b.reshape(byHead(b, x, valueHeads), ["tokens", rowsOf(valueHeads), Number(x.shape[2]) / valueHeads]);
  const ofRows = (x: Node): Node => b.transpose(x, [1, 0, 2]);
  const chunked = (x: Node): Node => b.chunk(ofRows(x), CHUNK);

  const values = ofRows(rows(value));
  const [q, k, v] = [chunked(shared(query)), chunked(shared(key)), b.chunk(values, CHUNK)];
  const [g, beta] = [chunked(rows(decay)), chunked(rows(rate))];

  const past = lowerTriangle(b, 0);
  const inRow = b.matmul(b.transpose(g, [0, 1, 3, 2]), past, { transposeB: true });
  const c = b.transpose(inRow, [0, 1, 3, 2]);
  // what lies ahead is 0 before it could become infinite
  const kept = b.multiply(b.unary("exp", b.multiply(b.subtract(c, inRow), past)), past);
  const last = b.slice(c, 2, CHUNK - 1, CHUNK);

  const written = b.multiply(k, beta);
  const a = b.multiply(b.multiply(b.matmul(written, k, { transposeB: true }), kept), lowerTriangle(b, -1));
  const inverse = inverseOfUnitLower(b, a);
  const u = b.matmul(inverse, b.multiply(v, beta));
  const fromStart = b.unary("exp", c);
  const w = b.matmul(inverse, b.multiply(written, fromStart));

  const toEnd = b.multiply(k, b.unary("exp", b.subtract(last, c)));
  const identity = b.table([keySize, keySize], (i, j) => (i === j ? 1 : 0));
  const carried = b.subtract(b.multiply(b.unary("exp", last), identity), b.matmul(toEnd, w, { transposeA: true }));
  const states = b.recurrence(carried, b.matmul(toEnd, u, { transposeA: true }));

  const news = b.subtract(u, b.matmul(w, states));
  const scale = 1 / Math.sqrt(keySize);
  const before = b.matmul(b.multiply(q, fromStart), states, { scale });
  const within = b.matmul(b.multiply(b.matmul(q, k, { transposeB: true, scale }), kept), news);
  const out = b.unchunk(b.add(before, within), values);
  const perHead = b.reshape(b.transpose(out, [1, 0, 2]), ["tokens", "batch", valueHeads, valueSize]);
  return b.reshape(b.transpose(perHead, [1, 0, 2, 3]), ["batch", "tokens", valueHeads * valueSize]);
}

/** About how many numbers stand in between for each token, backward: states and factors of chunks, and what pairs of tokens in a chunk have. */
export function betweenOf({ valueHeads, keySize, valueSize }: DeltaHeads): number {
  return valueHeads * ((4 * keySize * (keySize + valueSize)) / CHUNK + 12 * CHUNK + 8 * (keySize + valueSize));
}

/** Every head of every sample is a row. */
const rowsOf = (heads: number): string => `${heads}*batch`;

/** `[batch, tokens, heads · size]` → `[tokens, batch, heads, size]` */
function byHead(b: GraphBuilder, x: Node, heads: number): Node {
  return b.transpose(b.reshape(x, ["batch", "tokens", heads, Number(x.shape[2]) / heads]), [1, 0, 2, 3]);
}

/** `x / √(Σ x² + ε)` over the last axis. */
function unitLength(b: GraphBuilder, x: Node): Node {
  return b.divide(x, b.unary("sqrt", b.add(b.sum(b.multiply(x, x), x.shape.length - 1), EPSILON)));
}

/** Key heads `[tokens, batch, keyHeads, size]` once for each value head that they serve: `[tokens, rows, size]`. */
function repeated(b: GraphBuilder, x: Node, keyHeads: number, valueHeads: number): Node {
  const size = Number(x.shape[3]);
  const served = valueHeads / keyHeads;
  const once = b.reshape(x, ["tokens", rowsOf(keyHeads), 1, size]);
  const all =
    served === 1
      ? once
      : b.multiply(
          once,
          b.table([served, 1], () => 1),
        );
  return b.reshape(all, ["tokens", rowsOf(valueHeads), size]);
}

/** `[CHUNK, CHUNK]`: 1 on a diagonal and below it, 0 above. */
function lowerTriangle(b: GraphBuilder, diagonal: 0 | -1): Node {
  return b.table([CHUNK, CHUNK], (i, j) => (j <= i + diagonal ? 1 : 0));
}

/**
 * `(I + a)⁻¹` of a, `[…, CHUNK, CHUNK]`, which is 0 on and above the diagonal. Blocks of the diagonal are inverted two by two: where X and Y
 * are the inverses of two, that of both has −Y L X below, L what of a lies there. Powers of a would be fewer products, and overflow where
 * keys are alike.
 */
function inverseOfUnitLower(b: GraphBuilder, a: Node): Node {
  const below = (size: number): Node =>
    b.multiply(
      a,
      b.table([CHUNK, CHUNK], (i, j) => {
        const [row, column] = [Math.floor(i / size), Math.floor(j / size)];
        return row % 2 === 1 && column === row - 1 ? 1 : 0;
      }),
    );
  let inverse = b.subtract(
    b.table([CHUNK, CHUNK], (i, j) => (i === j ? 1 : 0)),
    below(1),
  );
  for (let size = 2; size < CHUNK; size *= 2)
    inverse = b.subtract(inverse, b.matmul(b.matmul(inverse, below(size)), inverse));
  return inverse;
}
