/** AssemblyScript, compiled to WebAssembly: what pruning does with every weight of a matrix. */
export * from "./weights";
export * from "./sparse-gpt";
