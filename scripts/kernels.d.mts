import type { Plugin as EsbuildPlugin } from "esbuild";
import type { Plugin } from "vite";

export const viteKernels: Plugin;
export const esbuildKernels: EsbuildPlugin;

export function declarationOf(source: string): Promise<string>;
