import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { Screen } from "../../src/cli/terminal/screen";
import type { TextOutput } from "../../src/cli/terminal/streams";

interface Terminal {
  readonly isTTY: boolean;
  readonly columns?: number;
  readonly colours?: boolean;
}

/** A screen whose two streams are one, as on a terminal, and what was written to it. */
function screenOn({ isTTY, columns = 80, colours = false }: Terminal, quiet = false) {
  const stream = Object.assign(new PassThrough({ encoding: "utf8" }), { isTTY, columns, hasColors: () => colours });
  const terminal: TextOutput = Object.assign(stream, { command: (sequence: string) => void stream.write(sequence) });
  return { screen: new Screen(quiet, terminal, terminal), written: () => String(stream.read() ?? "") };
}

const half = { what: "scoring: layer 2 of 4", share: 0.5, secondsLeft: 3.2 };
const erase = "\r\u001B[K";

test("a line stays one, whatever its name has in it", () => {
  const { screen, written } = screenOn({ isTTY: false });
  screen.print(["a\nparamscope: all is well", ""]);
  screen.note("b\nlayer 3");
  expect(written()).toBe("a\\nparamscope: all is well\n\nb\\nlayer 3\n");
});

describe("progress", () => {
  test("is drawn on a terminal, with the time left", () => {
    const { screen, written } = screenOn({ isTTY: true });
    screen.progress(half);
    expect(written()).toBe("██████████░░░░░░░░░░ 50 %  scoring: layer 2 of 4 · 3 s left");
  });

  test("makes room for a line and comes back after it", () => {
    const { screen, written } = screenOn({ isTTY: true, columns: 20 });
    screen.progress(half);
    screen.print(["layer 3"]);
    screen.clearProgress();
    expect(written()).toBe(`50 % · 3 s left${erase}layer 3\n50 % · 3 s left${erase}`);
  });

  test("is not drawn in a pipe, nor with --quiet", () => {
    for (const { screen, written } of [screenOn({ isTTY: false }), screenOn({ isTTY: true }, true)]) {
      screen.progress(half);
      screen.clearProgress();
      expect(written()).toBe("");
    }
  });
});

test("notes are not said with --quiet", () => {
  const { screen, written } = screenOn({ isTTY: false }, true);
  screen.note("2 files were left out.");
  expect(written()).toBe("");
});

test("only a terminal has a width, and colour where it has colours", () => {
  expect(screenOn({ isTTY: false }).screen.width).toBe(Infinity);
  expect(screenOn({ isTTY: true, columns: 0 }).screen.width).toBe(80);
  const painted = (terminal: Terminal) => screenOn(terminal).screen.style("bold", "x");
  expect(painted({ isTTY: true, colours: true })).toContain("\u001B[1m");
  expect(painted({ isTTY: true, colours: false })).toBe("x");
  expect(painted({ isTTY: false, colours: true })).toBe("x");
});
