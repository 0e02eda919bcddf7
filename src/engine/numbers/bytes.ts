import { scaled } from "./scaled";

/** An amount of bytes as people read it: `94.2 MB`. */
export function formatBytes(bytes: number): string {
  const [figure, unit] = scaled(bytes, ["bytes", "kB", "MB", "GB", "TB"]);
  return `${figure} ${unit}`;
}
