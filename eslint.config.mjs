import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/**
 * The rooms of src: which others each may import from. One place for all of them; docs/architecture.md says why. What is not in a
 * room's list is above it, or belongs to another process.
 */
const rooms = {
  engine: [],
  format: ["engine"],
  pages: ["engine"],
  wire: ["engine"],
  kinds: ["engine", "format", "pages", "wire"],
  report: ["engine", "format", "pages", "kinds"],
  scoring: ["engine", "format", "kinds", "wire"],
  editor: ["engine", "format", "pages", "kinds", "wire"],
  views: ["engine", "format", "pages", "kinds", "wire", "editor"],
  commands: ["engine", "format", "pages", "kinds", "wire", "editor", "views"],
  cli: ["engine", "format", "kinds", "report"],
};

/** Programs, beside the rooms: nothing imports them. */
const programs = ["extension", "worker", "cli", "command", "sound-compiler"];

/** What runs in the extension host; of the engine it takes what loads no runtime. */
const hostRooms = ["format", "pages", "wire", "kinds", "report", "editor", "views", "commands"];

/** What webviews may take of the engine: types of documents, and figures that the page works out itself. */
const engineOfPages = [
  "document/document",
  "document/shared",
  "document/at-threshold",
  "document/matrix-image",
  "document/read-positions",
  "document/swap-sides",
  "document/threshold-index",
  "numbers/(bytes|elements|overlap|statistics)",
  "prune/(allocation|options|too-few-tokens)",
  "quantize/choose-formats",
  "run/defaults",
  "shrink/options",
].join("|");

const otherRooms = (room) =>
  [...Object.keys(rooms), ...programs].filter((other) => other !== room && !rooms[room].includes(other));

const never = {
  vscode: { name: "vscode", message: "It runs without an editor: pass in what it needs." },
  lit: {
    name: "lit",
    importNames: ["html", "svg"],
    message: "One writer makes texts of any origin readable: shared/template.ts.",
  },
  engineCode: {
    regex: String.raw`/engine/(index|analysis/.*|run/(run|estimate|machine|resume-file)|sweep/.*|runtime/.*|model/model|compare/.*|model/hub/(index|download|client))$`,
    allowTypeImports: true,
    message: "No runtime is loaded in the extension host: ask the scoring process.",
  },
  host: {
    regex: String.raw`^(node:.*|fs|path|os|child_process)$`,
    message: "A webview is browser code: ask the extension by a message.",
  },
  otherRooms: {
    regex: String.raw`/src/(?!format/|pages/|report/(elements|colours)$|engine/(${engineOfPages})$)`,
    message: "A webview takes words, messages, and of the engine what engineOfPages lists.",
  },
  values: {
    regex: "^.*$",
    allowTypeImports: true,
    message: "Messages between host and page are types, and nothing else.",
  },
};

/** The rule of one room: eslint has one for each file, so that all of it stands here. */
function ruleOf(room) {
  const others = {
    regex: String.raw`^(\.\./)+(${otherRooms(room).join("|")})(/|$)`,
    message: `What ${room}/ may import is in the table of rooms in eslint.config.mjs.`,
  };
  const patterns = [
    others,
    ...(hostRooms.includes(room) ? [never.engineCode] : []),
    ...(room === "pages" ? [never.values] : []),
  ];
  const paths = ["editor", "views", "commands"].includes(room) ? [] : [never.vscode];
  return {
    files: [`src/${room}/**`],
    rules: { "@typescript-eslint/no-restricted-imports": ["error", { paths, patterns }] },
  };
}

const standardStreams = ["stdout", "stderr"].map((property) => ({
  object: "process",
  property,
  message: "Write through standardOutput and standardError of src/cli/terminal/streams.ts.",
}));

/** What the editor shows of texts by itself, and reads links and pictures in. */
const saidInEditor = [
  "showErrorMessage",
  "showWarningMessage",
  "showInformationMessage",
  "showQuickPick",
  "showInputBox",
  "setStatusBarMessage",
  "createQuickPick",
  "createInputBox",
  "TreeItem",
  "MarkdownString",
  "CodeLens",
].map((property) => ({
  property,
  message: "Say it through src/editor/said.ts, which makes texts of any origin plain.",
}));

export default defineConfig(
  {
    ignores: [
      "dist/",
      "test/fixtures/",
      "test/cli/golden/",
      "src/**/kernels/",
      "models/",
      "samples/",
      ".models/",
      ".vscode-e2e/",
      ".vscode-test/",
      "coverage/",
    ],
  },
  js.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["*.mjs"] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "no-console": "error",
    },
  },
  ...Object.keys(rooms).map(ruleOf),
  {
    files: ["src/**", "webview/**"],
    rules: {
      "@typescript-eslint/parameter-properties": ["error", { allow: ["readonly", "protected readonly"] }],
      "no-restricted-syntax": [
        "error",
        {
          selector: ":matches(PropertyDefinition, MethodDefinition:not([kind='constructor']))[accessibility='private']",
          message: "What is private has a name with #.",
        },
        {
          selector: "MethodDefinition[kind='constructor'] > FunctionExpression[params.length>4]",
          message: "Give a name to what travels together: a constructor has at most four arguments.",
        },
      ],
    },
  },
  {
    files: ["src/extension.ts"],
    rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns: [never.engineCode] }] },
  },
  {
    // One place knows when a standard stream is full or its reader gone.
    files: ["src/**"],
    ignores: ["src/cli/terminal/descriptors.ts"],
    rules: { "no-restricted-properties": ["error", ...standardStreams, ...saidInEditor] },
  },
  {
    files: ["src/editor/said.ts"],
    rules: { "no-restricted-properties": ["error", ...standardStreams] },
  },
  {
    files: ["webview/**"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        { paths: [never.vscode, never.lit], patterns: [never.host, never.otherRooms] },
      ],
    },
  },
  {
    files: ["webview/shared/template.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        { paths: [never.vscode], patterns: [never.host, never.otherRooms] },
      ],
    },
  },
  {
    files: ["*.mjs", "scripts/fuzz.mjs", "scripts/kills.mjs", "bench/**", "test/**"],
    rules: { "no-console": "off" },
  },
  {
    files: ["**/*.mjs"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: {
        process: "readonly",
        console: "readonly",
        URL: "readonly",
        setTimeout: "readonly",
        clearTimeout: "readonly",
        AbortController: "readonly",
      },
    },
  },
);
