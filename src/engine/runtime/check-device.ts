import { measureProducts } from "../run/machine";
import { onProcessor, openRuntime } from "./open-runtime";
import type { OperationPlacement, RuntimeWish } from "./runtime";
import { selfCheck } from "./self-check";

/** What became of one way to compute on this machine. */
export type DeviceCheck =
  | {
      readonly works: true;
      readonly version: string;
      readonly threads: number;
      /** How far it is off in its check, relative. */
      readonly difference: number;
      /** Multiplications and additions per second in matrix products. */
      readonly flops: number;
      /** Where the operations of the check went, where that is known. */
      readonly placement?: OperationPlacement;
    }
  | { readonly works: false; readonly why: string };

/** Opens the runtime that is asked for, compares it with what it must compute, and measures its products. */
export async function checkDevice(wish: RuntimeWish): Promise<DeviceCheck> {
  try {
    const runtime = await openRuntime(wish);
    if (wish.provider !== undefined && runtime.device !== wish.provider)
      return { works: false, why: runtime.notes.join(" ").replace(onProcessor, ".") };
    const { version, threads } = runtime;
    const difference = await selfCheck(runtime);
    const flops = await measureProducts(runtime);
    const { placement } = runtime;
    return {
      works: true,
      version,
      threads,
      difference,
      flops,
      ...(placement && {
        placement: { all: placement.all, onProcessor: placement.onProcessor, operations: placement.operations },
      }),
    };
  } catch (error) {
    return { works: false, why: error instanceof Error ? error.message : String(error) };
  }
}
