import type { Architecture } from "./architecture";

/** A tensor that an architecture reads outside of its blocks. */
export interface OutsideTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Its rows are tokens' or positions'. */
  readonly rowsOf?: "tokens" | "positions";
}

/** What a tensor outside of the blocks is there for. */
export type OutsideRole =
  | "embedding"
  | "embeddingProjection"
  | "embeddingNorm"
  | "embeddingNormBias"
  | "positions"
  | "perLayerEmbedding"
  | "perLayerProjection"
  | "perLayerNorm"
  | "norm"
  | "normBias"
  | "headProjection"
  | "head"
  | "headBias";

/** All of them, by what they are there for. */
export function outsideTensors({
  layers,
  hiddenSize,
  vocabularySize,
  context,
  embedding,
  head,
}: Architecture): ReadonlyMap<OutsideRole, OutsideTensor> {
  const found = new Map<OutsideRole, OutsideTensor>();
  const add = (
    role: OutsideRole,
    name: string | undefined,
    shape: number[],
    rowsOf?: OutsideTensor["rowsOf"],
  ): void => {
    if (name !== undefined) found.set(role, { name, shape, ...(rowsOf && { rowsOf }) });
  };
  const [width, headWidth] = [embedding.projection?.width ?? hiddenSize, head.projection?.width ?? hiddenSize];
  add("embedding", embedding.tokens, [vocabularySize, width], "tokens");
  add("head", head.weight, [vocabularySize, headWidth], "tokens");
  add("embeddingProjection", embedding.projection?.weight, [hiddenSize, width]);
  add("embeddingNorm", embedding.norm?.weight, [hiddenSize]);
  add("embeddingNormBias", embedding.norm?.bias, [hiddenSize]);
  const { positions, perLayer } = embedding;
  if (perLayer) {
    const width = layers * perLayer.size;
    add("perLayerEmbedding", perLayer.tokens, [perLayer.vocabularySize, width], "tokens");
    add("perLayerProjection", perLayer.projection, [width, hiddenSize]);
    add("perLayerNorm", perLayer.norm.weight, [perLayer.size]);
  }
  if (positions) add("positions", positions.weight, [context + positions.offset, hiddenSize], "positions");
  add("norm", head.norm?.weight, [hiddenSize]);
  add("normBias", head.norm?.bias, [hiddenSize]);
  add("headProjection", head.projection?.weight, [headWidth, hiddenSize]);
  add("headBias", head.bias, [vocabularySize]);
  return found;
}
