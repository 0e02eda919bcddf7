import type { Plugin } from "vite";

export const viteKernels: Plugin;

export function declarationOf(source: string): Promise<string>;
