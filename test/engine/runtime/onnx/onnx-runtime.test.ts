import { describe, expect, test } from "vitest";
import { GraphBuilder } from "../../../../src/engine/graph/graph";
import { OnnxRuntime } from "../../../../src/engine/runtime/onnx/onnx-runtime";
import { tensor } from "../../../../src/engine/runtime/runtime";
import { TemporaryFolder } from "../../support/temporary-folder";

const runtime = new OnnxRuntime(1);

describe("the ONNX runtime", () => {
  // stands first: the library starts what it starts with the process's first session
  test("tells nobody of its runs: no telemetry, and none of its files", async () => {
    const temporary = new TemporaryFolder();
    const b = new GraphBuilder();
    const program = await runtime.compile(b.graph(new Map([["y", b.multiply(b.input("x", ["n"]), 2)]])));
    await program.dispose();
    expect(temporary.entries).toEqual([]);
    temporary.remove();
  });

  test("says which one it is", () => {
    expect(runtime.name).toBe("onnx");
    expect(runtime.version).toMatch(/^\d+\.\d+/);
    expect(new OnnxRuntime(3).threads).toBe(3);
  });

  test("puts outputs into the tensors that it is given", async () => {
    const b = new GraphBuilder();
    const program = await runtime.compile(b.graph(new Map([["y", b.multiply(b.input("x", ["n"]), 2)]])));
    const whole = new Float32Array(5);
    await program.run({ x: tensor(Float32Array.of(1, 2, 3), 3) }, { y: tensor(whole.subarray(1, 4), 3) });
    expect([...whole]).toEqual([0, 2, 4, 6, 0]);
    await program.dispose();
  });

  test("serves texts of every length with one compiled graph", async () => {
    const b = new GraphBuilder();
    const x = b.input("x", ["batch", "tokens", 2]);
    const y = b.reshape(b.transpose(b.reshape(x, ["batch", "tokens", 2, 1]), [0, 2, 1, 3]), ["batch", 2, "tokens"]);
    const program = await runtime.compile(b.graph(new Map([["y", y]])));
    for (const tokens of [1, 3]) {
      const values = Float32Array.from({ length: 2 * tokens }, (_, i) => i);
      const result = new Float32Array(2 * tokens);
      await program.run({ x: tensor(values, 1, tokens, 2) }, { y: tensor(result, 1, 2, tokens) });
      const even = [...values].filter((value) => value % 2 === 0);
      expect([...result]).toEqual([...even, ...even.map((value) => value + 1)]);
    }
    await program.dispose();
  });

  test("gives out one node under two names, and an input as it came", async () => {
    const b = new GraphBuilder();
    const x = b.input("x", [2]);
    const y = b.multiply(x, 3);
    const outputs = new Map([
      ["first", y],
      ["second", y],
      ["same", x],
    ]);
    const program = await runtime.compile(b.graph(outputs));
    const [first, second, same] = [new Float32Array(2), new Float32Array(2), new Float32Array(2)];
    await program.run(
      { x: tensor(Float32Array.of(1, 2), 2) },
      { first: tensor(first, 2), second: tensor(second, 2), same: tensor(same, 2) },
    );
    expect([first, second, same].map((values) => [...values])).toEqual([
      [3, 6],
      [3, 6],
      [1, 2],
    ]);
    await program.dispose();
  });

  test("does not run with a tensor missing", async () => {
    const b = new GraphBuilder();
    const sum = b.add(b.input("x", [2]), b.input("y", [2]));
    const program = await runtime.compile(b.graph(new Map([["z", sum]])));
    const x = tensor(new Float32Array(2), 2);
    await expect(program.run({ x }, { z: tensor(new Float32Array(2), 2) })).rejects.toThrow("y");
    await program.dispose();
  });
});
