import { describe, expect, test } from "vitest";
import { broadcastShapes, GraphBuilder, reshapeTemplate, topological } from "../../../src/engine/graph/graph";

describe("broadcasting", () => {
  test("stretches axes of size 1 and adds leading ones", () => {
    expect(broadcastShapes([2, 1, 3], [4, 1])).toEqual([2, 4, 3]);
    expect(broadcastShapes(["batch", "tokens", 8], [8])).toEqual(["batch", "tokens", 8]);
    expect(broadcastShapes([1, 8], ["tokens", 1])).toEqual(["tokens", 8]);
    expect(broadcastShapes([], [3])).toEqual([3]);
  });

  test("refuses sizes that differ, and names both shapes", () => {
    expect(() => broadcastShapes([2, 3], [2, 4])).toThrow("shapes [2, 3] and [2, 4] do not broadcast");
    expect(() => broadcastShapes(["tokens", 3], ["batch", 3])).toThrow(
      "shapes [tokens, 3] and [batch, 3] do not broadcast",
    );
    const b = new GraphBuilder();
    expect(() => b.add(b.input("x", [2]), b.input("y", [3]))).toThrow("shapes [2] and [3] do not broadcast");
  });
});

describe("the template of a reshape", () => {
  test("keeps a symbol in its place as 0 and leaves one that moves open", () => {
    expect(reshapeTemplate(["batch", "tokens", 12], ["batch", "tokens", 3, 4])).toEqual([0, 0, 3, 4]);
    expect(reshapeTemplate(["batch", 3, "tokens", 4], ["batch", "3*tokens", 4])).toEqual([0, -1, 4]);
  });

  test("refuses two open sizes", () => {
    expect(() => reshapeTemplate([6], ["a", "b"])).toThrow("reshape from [6] to [a, b] leaves two sizes open");
    const b = new GraphBuilder();
    expect(() => b.reshape(b.input("x", ["n"]), ["a", "b"])).toThrow("leaves two sizes open");
  });
});

describe("a graph", () => {
  test("knows the shape of every result", () => {
    const b = new GraphBuilder();
    const x = b.input("x", ["batch", "tokens", 6]);
    expect(b.sum(x, 1).shape).toEqual(["batch", 1, 6]);
    expect(b.mean(x, 2, false).shape).toEqual(["batch", "tokens"]);
    expect(b.max(x, 2).shape).toEqual(["batch", "tokens", 1]);
    expect(b.slice(x, 2, 1, 4).shape).toEqual(["batch", "tokens", 3]);
    expect(b.transpose(x, [2, 0, 1]).shape).toEqual([6, "batch", "tokens"]);
    expect(b.concat([x, b.slice(x, 2, 0, 2)], 2).shape).toEqual(["batch", "tokens", 8]);
    expect(b.linear(x, b.input("w", [4, 6]), undefined, "w").shape).toEqual(["batch", "tokens", 4]);
    expect(b.matmul(x, x, { transposeB: true }).shape).toEqual(["batch", "tokens", "tokens"]);
    expect(b.matmul(x, x, { transposeA: true }).shape).toEqual(["batch", 6, 6]);
    expect(b.matmul(b.input("m", [4, 6]), x, { transposeB: true }).shape).toEqual(["batch", 4, "tokens"]);
  });

  test("refuses products of matrices that do not fit, and names them", () => {
    const b = new GraphBuilder();
    const [x, y] = [b.input("x", [2, 3]), b.input("y", [4, 5])];
    expect(() => b.matmul(x, y)).toThrow("matmul: [2, 3] by [4, 5]");
    expect(() => b.linear(x, y, undefined, "q_proj")).toThrow("q_proj: [2, 3] by [4, 5]");
  });

  test("refuses to put together an axis whose size is not known", () => {
    const b = new GraphBuilder();
    const x = b.input("x", ["tokens", 3]);
    expect(() => b.concat([x, x], 0)).toThrow("the size 'tokens' must be known when the graph is built");
  });

  test("has one node for an input that is asked for twice", () => {
    const b = new GraphBuilder();
    expect(b.input("x", [2])).toBe(b.input("x", [2]));
  });

  test("holds the inputs that its outputs need and no others", () => {
    const b = new GraphBuilder();
    const [x, y] = [b.input("x", [2]), b.input("y", [2])];
    b.add(x, y);
    expect(b.graph(new Map([["z", b.multiply(x, 2)]])).inputs.map(({ attributes }) => attributes.name)).toEqual(["x"]);
  });

  test("comes in an order in which every node stands after its inputs, once", () => {
    const b = new GraphBuilder();
    const x = b.input("x", [2]);
    const shared = b.unary("exp", x);
    const order = topological([b.add(shared, b.multiply(shared, x)), shared]);
    expect(new Set(order).size).toBe(order.length);
    for (const node of order)
      for (const input of node.inputs) expect(order.indexOf(input)).toBeLessThan(order.indexOf(node));
  });
});
