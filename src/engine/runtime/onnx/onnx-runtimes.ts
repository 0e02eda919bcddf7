/** Everything that loads ONNX Runtime's native library: imported where it is needed. */
export { OnnxRuntime } from "./onnx-runtime";
export { offeredProviders } from "./sessions";
export { WebGpuRuntime } from "./webgpu-runtime";
