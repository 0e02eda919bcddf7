import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { freeBytesOf, refuseWithoutRoom } from "../../src/engine/free-space";

const [one, other] = [join(tmpdir(), "one"), join(tmpdir(), "other.gguf")];

test("what is to be written fits on its disk, all of it together", async () => {
  const free = await freeBytesOf(tmpdir());
  await refuseWithoutRoom([
    { path: one, bytes: free / 4 },
    { path: other, bytes: free / 4 },
  ]);
  await expect(refuseWithoutRoom([{ path: one, bytes: 2 ** 60 }])).rejects.toMatchObject({
    message: expect.stringMatching(/^\S+one needs room for \S+ \wB, and the disk has .* free\.$/) as string,
    remedy: "Make room, or name another disk.",
  });
  await expect(
    refuseWithoutRoom([
      { path: one, bytes: 0.7 * free },
      { path: other, bytes: 0.7 * free },
    ]),
  ).rejects.toThrow(`${one} and ${other} need room for`);
});

test("of a folder that is not there others say so, and of a disk that does not say how much is free it shows later", async () => {
  await refuseWithoutRoom([{ path: join(tmpdir(), "none", "file"), bytes: 2 ** 60 }]);
  expect(await freeBytesOf(join(tmpdir(), "none"))).toBe(Infinity);
});
