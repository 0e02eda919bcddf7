import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

/** What products of matrices make use of, by the names that systems have for them. */
const known: Readonly<Record<string, string>> = {
  sse4_2: "SSE4.2",
  "sse4.2": "SSE4.2",
  avx: "AVX",
  "avx1.0": "AVX",
  avx2: "AVX2",
  fma: "FMA",
  avx512f: "AVX-512",
  avx512_vnni: "AVX-512 VNNI",
  amx_tile: "AMX",
  asimd: "NEON",
  sve: "SVE",
};

/** The instruction sets of the processor that products of matrices make use of; undefined: the system does not say. */
export async function instructionSets(): Promise<string[] | undefined> {
  const flags = await processorFlags();
  if (flags === undefined) return undefined;
  return [...new Set(flags.flatMap((flag) => known[flag.toLowerCase()] ?? []))];
}

async function processorFlags(): Promise<string[] | undefined> {
  try {
    if (process.platform === "linux") {
      const info = await readFile("/proc/cpuinfo", "utf8");
      return /^(?:flags|Features)\s*:\s*(.*)$/m.exec(info)?.[1]?.split(" ");
    }
    if (process.platform === "darwin") {
      if (process.arch === "arm64") return ["asimd"];
      const { stdout } = await promisify(execFile)("sysctl", [
        "-n",
        "machdep.cpu.features",
        "machdep.cpu.leaf7_features",
      ]);
      return stdout.split(/\s+/);
    }
    return undefined;
  } catch {
    return undefined;
  }
}
