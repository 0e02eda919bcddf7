import { crc32, deflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { withPixelsPerInch } from "../../webview/shared/png-file";

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
const header = chunk("IHDR", Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]));
const rest = Buffer.concat([chunk("IDAT", deflateSync(Buffer.from([0, 255]))), chunk("IEND", Buffer.alloc(0))]);

test("says how many pixels are a metre, behind the header and before all else, with the check of zlib", () => {
  // 300 to an inch of 0.0254 m
  const size = Buffer.alloc(9);
  size.writeUInt32BE(11811, 0);
  size.writeUInt32BE(11811, 4);
  size.writeUInt8(1, 8);
  const written = withPixelsPerInch(Buffer.concat([signature, header, rest]), 300);
  expect(Buffer.from(written)).toEqual(Buffer.concat([signature, header, chunk("pHYs", size), rest]));
});
