/** AssemblyScript, compiled to WebAssembly: rows of float32 weights to ggml's blocks. A kernel has the name of the format. */
export * from "./super-blocks";
export * from "./blocks-of-32";
export * from "./uneven";
export * from "./floats";
