import { ParamscopeError, type SettingName } from "../errors";
import { formatBytes } from "../numbers/bytes";

const MIB = 2 ** 20;

/** A run that needs more memory than it may use. */
export interface MemoryShortage {
  /** What would run, as the subject of a sentence: `This run`. */
  readonly what: string;
  /** Said where it is less a matter of the kind of run than of this one. */
  readonly here?: boolean;
  /** Bytes: the least that would do, and what the run may use. */
  readonly least: number;
  readonly budget: number;
  /** What helps beside more memory: `a smaller window`. */
  readonly otherwise: string;
  /** The settings that the remedy speaks of. */
  readonly settings: readonly SettingName[];
}

/** The error of a run that needs more memory than it may use, with the figure that would do. */
export function memoryError({
  what,
  here = false,
  least,
  budget,
  otherwise,
  settings,
}: MemoryShortage): ParamscopeError {
  const needed = Math.ceil(least / MIB);
  return new ParamscopeError(
    `${what} needs at least ${needed} MiB${here ? " here" : ""}, and it may use ${budget < MIB ? formatBytes(Math.max(0, budget)) : `${Math.floor(budget / MIB)} MiB`}.`,
    `Allow it ${needed} MiB, or ${otherwise}.`,
    { settings },
  );
}
