import { spanOf, type Span } from "./span";

/** A line that opens a fenced block, or closes one where nothing follows; may be in a list. */
const FENCE = /^[ \t]*(`{3,}|~{3,})[ \t]*(.*)$/;

/**
 * The fenced blocks of a Markdown text that say `prompt` behind their fence. Blocks of `text`, or of no language, are left alone: most are what a
 * program printed.
 */
export function fencedPrompts(text: string): Span[] {
  const found: Span[] = [];
  let open:
    { readonly fence: string; readonly isPrompt: boolean; readonly at: number; readonly from: number } | undefined;
  for (let at = 0; at < text.length;) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline;
    // what is longer is no fence
    const [, fence = "", info = ""] = FENCE.exec(text.slice(at, Math.min(end, at + 200)).trimEnd()) ?? [];
    if (open) {
      if (fence.startsWith(open.fence) && info === "") {
        const span = open.isPrompt ? spanOf(text, open.at, open.from, at) : undefined;
        if (span) found.push(span);
        open = undefined;
      }
    } else if (fence !== "" && !(fence.startsWith("`") && info.includes("`"))) {
      open = { fence, isPrompt: /^prompt(?![\w-])/i.test(info), at, from: end };
    }
    at = end + 1;
  }
  return found;
}

/** All of a text but its front matter: YAML between two lines of `---`, at its very beginning. */
export function bodyOf(text: string): Span | undefined {
  const start = text.startsWith("\uFEFF") ? 1 : 0;
  const body = frontMatterEnd(text, start);
  return spanOf(text, body, body, text.length);
}

/** The offset of the line behind the head; that of the text where it has none. */
function frontMatterEnd(text: string, start: number): number {
  for (let at = start, line = 0; at < text.length; line++) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline;
    const isMark = text.slice(at, Math.min(end, at + 100)).trimEnd() === "---" && end - at < 100;
    if (line === 0 && !isMark) return start;
    if (line > 0 && isMark) return Math.min(end + 1, text.length);
    at = end + 1;
  }
  return start;
}
