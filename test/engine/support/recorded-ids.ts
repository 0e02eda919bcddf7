import { readFileSync, writeFileSync } from "node:fs";

/** Ids that another program gave, kept as a checksum per text: to see which texts differ, that program is asked. */
export class RecordedIds {
  readonly #file: URL;

  constructor(name: string) {
    this.#file = new URL(`../../data/tokenizers/${name}`, import.meta.url);
  }

  /** @param by the program and its version */
  write(by: string, ids: ReadonlyMap<string, readonly (readonly number[])[]>): void {
    const checksums = Object.fromEntries([...ids].map(([kind, all]) => [kind, all.map(checksum).join("")]));
    writeFileSync(this.#file, `${JSON.stringify({ by, checksums }, null, 1)}\n`);
  }

  /** The texts whose ids are others than those that were recorded. */
  differing(kind: string, texts: readonly string[], ids: readonly (readonly number[])[]): string[] {
    const { checksums } = JSON.parse(readFileSync(this.#file, "utf8")) as { checksums: Record<string, string> };
    const recorded = checksums[kind]?.match(/.{8}/g) ?? [];
    return texts.filter((_, i) => checksum(ids[i]) !== recorded[i]);
  }
}

/** FNV-1a, 32 bits in hexadecimal. */
function checksum(ids: readonly number[]): string {
  let hash = 0x811c9dc5;
  for (const id of ids)
    for (let shift = 0; shift < 32; shift += 8) hash = Math.imul(hash ^ ((id >>> shift) & 255), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
