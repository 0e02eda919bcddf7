import type * as ort from "onnxruntime-node";

import { GraphBuilder } from "../../graph/graph";
import type { Tensor } from "../runtime";
import { serialize } from "./serialize";
import { createSession, deviceTensor, onnxTensor } from "./sessions";
import { webgpuOperations } from "./webgpu-operations";

/**
 * The session that brings values to the device. The library has nothing else for it in Node.js: a graph's result stays there where that is asked
 * for, and this one's is its input. It lives as long as the process, and the device with it: a session that is the only one takes along, at its end,
 * all that was compiled there.
 */
let uploading: Promise<ort.InferenceSession> | undefined;

const uploader = (): Promise<ort.InferenceSession> =>
  (uploading ??= createSession(
    serialize(copyGraph(), webgpuOperations),
    { device: "webgpu", threads: 1 },
    {},
    { preferredOutputLocation: "gpu-buffer" },
  ).catch((error: unknown) => {
    uploading = undefined;
    throw error;
  }));

/** Adds 0: a copy as such would be left out. */
function copyGraph() {
  const b = new GraphBuilder();
  return b.graph(new Map([["copy", b.add(b.input("values", ["size"]), 0)]]));
}

/** A tensor that is brought to the device when it is first asked for, and stays there until it is released. */
export class DeviceTensor {
  readonly #tensor: Tensor;
  #uploaded: Promise<{ readonly flat: ort.Tensor; readonly shaped: ort.Tensor }> | undefined;

  constructor(tensor: Tensor) {
    this.#tensor = tensor;
  }

  /** @param onUpload is told how many bytes it takes to bring it there. */
  async get(onUpload: (bytes: number) => void): Promise<ort.Tensor> {
    this.#uploaded ??= this.#upload(onUpload);
    return (await this.#uploaded).shaped;
  }

  async #upload(onUpload: (bytes: number) => void) {
    const { data, shape } = this.#tensor;
    const session = await uploader();
    onUpload(data.byteLength);
    const { copy: flat } = await session.run({ values: onnxTensor({ data, shape: [data.length] }) });
    if (flat === undefined) throw new Error("the copy is missing");
    return { flat, shaped: deviceTensor(flat, shape) };
  }

  release(): void {
    // what could not be brought there has nothing to give back
    void this.#uploaded?.then(
      ({ flat }) => {
        flat.dispose();
      },
      () => undefined,
    );
  }
}
