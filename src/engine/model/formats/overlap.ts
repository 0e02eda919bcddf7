interface ByteRange {
  /** Where the tensor begins, in bytes from the start of the file. */
  readonly offset: number;
  readonly bytes: number;
}

/** Two tensors of a file of which one begins before the other has ended; undefined where there are none. */
export function overlapping<Tensor extends ByteRange>(
  tensors: Iterable<Tensor>,
): readonly [Tensor, Tensor] | undefined {
  let before: Tensor | undefined;
  for (const tensor of [...tensors].sort((a, b) => a.offset - b.offset)) {
    if (before && before.offset + before.bytes > tensor.offset) return [before, tensor];
    before = tensor;
  }
  return undefined;
}
