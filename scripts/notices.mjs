import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

const mit = (copyright) => `MIT License

${copyright}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software
is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES
OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE
LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR
IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/** onnxruntime-node and onnxruntime-common name their licence but do not carry its text. */
const onnxruntime = `${mit("Copyright (c) Microsoft Corporation")}

The libraries that are built into ONNX Runtime are listed in the file ThirdPartyNotices.txt of its repository, microsoft/onnxruntime.`;

/** What reads and writes blocks of quantised weights does what ggml does, and has its codebooks and the order of its sums. */
const ggml = `${mit("Copyright (c) 2023-2026 The ggml authors")}

No code of it is in Paramscope. How GGUF files' quantised weights are read and written follows its arithmetic, and codebooks are its own.`;

/**
 * The licences of every package of which something is in a bundle.
 * @param inputs the paths of the bundle's input files, from esbuild's metafile.
 */
export async function thirdPartyNotices(inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match) folders.add(match[1]);
  }
  const notices = await Promise.all([...folders].sort().map(notice));
  if (inputs.some((input) => input.endsWith(".woff2"))) notices.push(await fontNotice());
  if (inputs.some((input) => input.includes("src/engine/model/formats/"))) notices.push(ggmlNotice());
  return `Paramscope contains the following software.\n\n${notices.join("\n\n")}\n`;
}

/** The letters of exported pictures are a part of a font. */
async function fontNotice() {
  const text = await readFile("webview/shared/print-font.LICENSE.txt", "utf8");
  return `${heading("dejavu-sans-condensed", "2.37", "Bitstream-Vera")}\n\n${text.trim()}`;
}

function ggmlNotice() {
  return `${heading("ggml", "0.5.0", "MIT")}\n\n${ggml}`;
}

async function notice(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined && !name.startsWith("onnxruntime-")) {
    return `${heading(name, version, license)}\n\n(${name} carries no text of its licence.)`;
  }
  const text = file === undefined ? onnxruntime : await readFile(join(folder, file), "utf8");
  return `${heading(name, version, license)}\n\n${text.trim()}`;
}

function heading(name, version, license) {
  const line = `${name} ${version} (${license})`;
  return `${line}\n${"=".repeat(line.length)}`;
}
