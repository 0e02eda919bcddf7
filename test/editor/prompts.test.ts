import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { type PromptGroups, promptsOf, type PromptSource } from "../../src/editor/prompts/prompts";
import { LONGEST_SOURCE } from "../../src/editor/prompts/span";

/* Where prompts are found in texts of the editor, and where none is. */

const ALL: PromptGroups = { prompts: true, code: true, notebooks: true };
const PROMPT = "You are a harbour master. Answer in one short line.";

const source = (language: string, text: string, more: Partial<PromptSource> = {}): PromptSource => ({
  language,
  path: "/notes/file",
  isCell: false,
  text,
  ...more,
});

const found = (given: PromptSource, groups = ALL) =>
  promptsOf(given, groups).map(({ from, to }) => given.text.slice(from, to));

const inLanguage = (language: string) => (text: string) => found(source(language, text));
const python = inLanguage("python");
const script = inLanguage("typescript");
const markdown = inLanguage("markdown");

describe("files of prompts", () => {
  test("are a prompt, without what is blank around it and without their head", () => {
    const head = "---\nname: Harbour\nmodel: demo\n---\n";
    for (const path of ["/a.prompt", "/a.prompty", "/a.prompt.md", "/A.PROMPTY"]) {
      expect(found(source("plaintext", `${head}\nsystem:\n${PROMPT} {{question}}\n`, { path }))).toEqual([
        `system:\n${PROMPT} {{question}}`,
      ]);
      expect(found(source("markdown", `${PROMPT}\n`, { path }))).toEqual([PROMPT]);
    }
    expect(found(source("prompty", `\uFEFF${head.replaceAll("\n", "\r\n")}${PROMPT}`))).toEqual([PROMPT]);
  });

  test("may have lines that are no head", () => {
    const unclosed = `---\nname: Harbour\n${PROMPT}`;
    expect(found(source("prompt", unclosed))).toEqual([unclosed]);
    expect(found(source("prompt", `${PROMPT}\n---\nmore`))).toEqual([`${PROMPT}\n---\nmore`]);
  });

  test("hold none where there is nothing but a head", () => {
    expect(found(source("prompt", "---\nname: Harbour\n---\n \n"))).toEqual([]);
    expect(found(source("prompt", ""))).toEqual([]);
  });

  test("are none of other names", () => {
    expect(found(source("plaintext", PROMPT, { path: "/notes.txt" }))).toEqual([]);
    expect(found(source("plaintext", PROMPT, { path: "/prompt" }))).toEqual([]);
  });
});

describe("Markdown", () => {
  test("has prompts in blocks that say so, whatever fences them", () => {
    expect(markdown(`# Notes\n\n\`\`\`prompt\n${PROMPT}\n\`\`\`\n`)).toEqual([PROMPT]);
    expect(markdown(`~~~~ Prompt title=x\n${PROMPT}\n~~~\n~~~~\n`)).toEqual([`${PROMPT}\n~~~`]);
    expect(markdown(`- one\n\n  \`\`\`prompt\n  ${PROMPT}\n  \`\`\`\n`)).toEqual([PROMPT]);
  });

  test("has none in others, in a block that is not closed, or where a block is told of", () => {
    for (const info of ["", "text", "python", "prompts", "prompt-log"])
      expect(markdown(`\`\`\`${info}\n${PROMPT}\n\`\`\``)).toEqual([]);
    expect(markdown(`\`\`\`prompt\n${PROMPT}`)).toEqual([]);
    expect(markdown(`\`\`\`\`md\n\`\`\`prompt\n${PROMPT}\n\`\`\`\n\`\`\`\`\n`)).toEqual([]);
    expect(markdown("```prompt\n\n```\n")).toEqual([]);
  });
});

describe("Python", () => {
  test("has prompts in three quotes, formatted or not, as they are written", () => {
    expect(python(`PROMPT = """\n${PROMPT}\n"""`)).toEqual([PROMPT]);
    expect(python(`ask(f'''${PROMPT} {name!r} \\n''')`)).toEqual([`${PROMPT} {name!r} \\n`]);
    expect(python(`x = [\n"""${PROMPT}""",\n]`)).toEqual([PROMPT]);
    expect(python(`return rf"""${PROMPT}"""`)).toEqual([PROMPT]);
    expect(python(`a = """He said \\"\\"\\" and ""left"" ${PROMPT}"""`)).toHaveLength(1);
  });

  test("has none in documentation, bytes, comments, strings of one quote, or where they are short", () => {
    expect(python(`"""${PROMPT}"""\n`)).toEqual([]);
    expect(python(`def f():\n    r"""${PROMPT}"""\n    return 1`)).toEqual([]);
    expect(python(`x = b"""${PROMPT}"""`)).toEqual([]);
    expect(python(`# x = """${PROMPT}"""`)).toEqual([]);
    expect(python(`x = "it's # \\" = '''" # '''\ny = '${PROMPT}'`)).toEqual([]);
    expect(python('x = """A short text."""')).toEqual([]);
    expect(python(`x = """${"a".repeat(80)}"""`)).toEqual([]);
    expect(python(`x = """${PROMPT}`)).toEqual([]);
  });

  test("goes on behind a string that is not closed", () => {
    expect(python(`x = "not closed\ny = """${PROMPT}"""`)).toEqual([PROMPT]);
  });
});

describe("TypeScript", () => {
  test("has prompts in template literals, as they are written", () => {
    expect(script(`const a = \`${PROMPT}\`;`)).toEqual([PROMPT]);
    expect(
      script(`ask(\`${PROMPT} \${names.map((n) => \`the \${n} of this harbour, and of all others\`)} end\`)`),
    ).toEqual([`${PROMPT} \${names.map((n) => \`the \${n} of this harbour, and of all others\`)} end`]);
    expect(script(`return \`${PROMPT} \\\` \${ { a: "}" }.a }\``)).toHaveLength(1);
    expect(script(`const a = dedent\`\n  ${PROMPT}\n\`;`)).toEqual([PROMPT]);
  });

  test("has none in templates of other languages, comments, strings, expressions, or where they are short", () => {
    expect(script(`html\`<p>${PROMPT}</p>\``)).toEqual([]);
    expect(script(`styled(Button)\`${PROMPT}\``)).toEqual([]);
    expect(script(`// \`${PROMPT}\`\n/* \`${PROMPT}\` */`)).toEqual([]);
    expect(script(`const a = "\`${PROMPT}\`", b = '\`', c = /[/\`]\`/g.test(d);`)).toEqual([]);
    expect(script("const a = `A short ${text}.`;")).toEqual([]);
    expect(script(`const a = \`${PROMPT}`)).toEqual([]);
  });

  test("tells a division from an expression, and markup from both", () => {
    expect(script(`const a = b / c; const d = \`${PROMPT}\`; const e = f[0] / 2;`)).toEqual([PROMPT]);
    expect(script(`const a = <b>it's</b>;\nconst c = \`${PROMPT}\`;`)).toEqual([PROMPT]);
    expect(script(`const a = "not closed\nconst c = \`${PROMPT}\`;`)).toEqual([PROMPT]);
  });
});

describe("notebooks", () => {
  const cell = (language: string, groups = ALL) =>
    found(source(language, `${PROMPT}\n`, { isCell: true, path: "/a.ipynb" }), groups);

  test("have prompts in cells that are no code", () => {
    for (const language of ["markdown", "raw", "plaintext"]) expect(cell(language)).toEqual([PROMPT]);
    expect(cell("python")).toEqual([]);
  });

  test("have none where they are not asked for, but for blocks and strings, which are", () => {
    const others = { ...ALL, notebooks: false };
    expect(cell("markdown", others)).toEqual([]);
    const block = source("markdown", `\`\`\`prompt\n${PROMPT}\n\`\`\``, { isCell: true });
    expect(found(block, others)).toEqual([PROMPT]);
    expect(found(source("python", `x = """${PROMPT}"""`, { isCell: true }), others)).toEqual([PROMPT]);
  });
});

test("nothing is looked for that is not asked for", () => {
  const none = { prompts: false, code: false, notebooks: false };
  for (const [language, text] of [
    ["prompty", PROMPT],
    ["markdown", `\`\`\`prompt\n${PROMPT}\n\`\`\``],
    ["python", `x = """${PROMPT}"""`],
    ["typescript", `x = \`${PROMPT}\``],
  ] as const) {
    expect(found(source(language, text))).toEqual([PROMPT]);
    expect(found(source(language, text), none)).toEqual([]);
  }
});

const LANGUAGES = ["prompty", "markdown", "python", "typescript", "javascriptreact"];

test("prompts of any text are stretches of it, one behind the other, without blanks around them", () => {
  const piece = fc.constantFrom(
    ..."\"'`\\${}/[]()#\n \t-~=;*<>".split(""),
    '"""',
    "'''",
    "```prompt\n",
    "~~~",
    "---\n",
    "//",
    "/*",
    "*/",
    "${",
    "return ",
    "rf",
    PROMPT,
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), fc.constantFrom(...LANGUAGES), (pieces, language) => {
      const text = pieces.join("");
      let end = 0;
      for (const { at, from, to } of promptsOf(source(language, text), ALL)) {
        expect(at).toBeGreaterThanOrEqual(end);
        expect(from).toBeGreaterThanOrEqual(at);
        expect(to).toBeGreaterThan(from);
        const prompt = text.slice(from, to);
        expect(prompt).toBe(prompt.trim());
        end = to;
      }
      expect(end).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 2000 },
  );
});

test("code in which every string is known has these prompts, whatever stands between them", () => {
  const words = fc
    .array(fc.constantFrom("rain", "it's", 'a "roof"', "#", "//", "/*", "{x}", "tide", "\\`", "\\'", "the"), {
      minLength: 12,
    })
    .map((all) => `A ${all.join(" harbour ")} z`);
  const others = {
    python: [
      "a = 1",
      "b = 'it # \"'",
      "c = \"\\\"'''\"",
      "# it's",
      "def f():\n  '''It is what it is, and all of it at once.'''",
      "d = (a, [b])",
    ],
    typescript: [
      "const a = 1;",
      "b = 'it`';",
      'c = "\\"`";',
      "// it's `",
      "/* ` */",
      "d = /[`/]`/.test(e);",
      "f(g / 2, [h]);",
    ],
  };
  for (const language of ["python", "typescript"] as const) {
    const [open, close] = language === "python" ? ['p = f"""', '"""'] : ["p = `", "`"];
    const statement = fc.oneof(
      words.map((text) => ({ text, code: `${open}${text}${close}` })),
      fc.constantFrom(...others[language]).map((code) => ({ text: undefined, code })),
    );
    fc.assert(
      fc.property(fc.array(statement), (statements) => {
        const code = statements.map((each) => each.code).join("\n");
        expect(found(source(language, code))).toEqual(statements.flatMap(({ text }) => text ?? []));
      }),
    );
  }
});

test("texts of any kind take no longer than their length", () => {
  const pieces = [
    '"',
    "'",
    "`",
    "`${",
    "{",
    "/",
    "/*",
    "/[",
    "\\",
    '"\\',
    '"""',
    "(",
    "```\n",
    "~~~prompt\n",
    "---\n",
    " ",
    "é",
    '"\\"\\',
  ];
  for (const piece of pieces)
    for (const language of LANGUAGES) {
      const text = piece.repeat(Math.floor(LONGEST_SOURCE / piece.length));
      const start = performance.now();
      promptsOf(source(language, text), ALL);
      expect(performance.now() - start, `${language} ${piece}`).toBeLessThan(1500);
    }
});

test("nothing is looked for in a text that is too long", () => {
  expect(promptsOf(source("prompt", "a ".repeat(LONGEST_SOURCE)), ALL)).toEqual([]);
});
