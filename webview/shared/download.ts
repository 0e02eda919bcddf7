import type { CommonRequest } from "../../src/pages/run";

type Exported = Extract<CommonRequest, { readonly type: "export" }>;

const mediaTypes: Record<Exported["format"], string> = {
  svg: "image/svg+xml",
  png: "image/png",
  html: "text/html",
  csv: "text/csv",
  json: "application/json",
};

/** Has the browser save what a page exports. */
export function download({ format, name, content }: Exported): void {
  const data = format === "png" ? bytesOf(content) : content;
  const url = URL.createObjectURL(new Blob([data], { type: mediaTypes[format] }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // not before the browser has read it
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
