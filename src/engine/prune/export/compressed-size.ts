import { Zstd } from "@hpcc-js/wasm-zstd";

/**
 * What zstd at its usual level makes of bytes: how many. Pieces may be compressed one by one, as frames one behind the other are
 * a zstd file. In WebAssembly: Node.js has zstd from 22.15 on, and editors have older ones.
 */
export async function loadCompressedSize(): Promise<(bytes: Uint8Array) => number> {
  const zstd = await Zstd.load();
  return (bytes) => zstd.compress(bytes).length;
}
