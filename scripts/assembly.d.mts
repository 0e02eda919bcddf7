import type { Plugin } from "vite";

export const viteAssembly: Plugin;
