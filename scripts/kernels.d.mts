import type { Plugin } from "vite";

export const viteKernels: Plugin;
