import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/** The layers: what a folder must not import. One place for all of them; docs/architecture.md says why. */
const never = {
  vscode: { name: "vscode", message: "The engine runs without an editor: pass in what it needs." },
  upwards: {
    regex: String.raw`^(\.\./)+(cli|commands|views|scoring|extension|worker)(/|$)`,
    message: "The engine knows nothing of what is built on it.",
  },
  engineCode: {
    regex: String.raw`/engine/(index|analyze|estimate|run|machine|sweep/.*|runtime/.*|model/model|compare/.*|model/hub/(index|download|client))$`,
    allowTypeImports: true,
    message: "No runtime is loaded in the extension host: ask the scoring process.",
  },
  host: {
    regex: String.raw`^(node:.*|fs|path|os|child_process)$`,
    message: "A webview is browser code: ask the extension by a message.",
  },
};

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
  {
    files: ["src/engine/**"],
    rules: { "no-restricted-imports": ["error", { paths: [never.vscode], patterns: [never.upwards] }] },
  },
  {
    // The extension host's side; of the scoring folder only the server belongs to the scoring process.
    files: ["src/extension.ts", "src/commands/**", "src/editor/**", "src/views/**", "src/scoring/**"],
    ignores: ["src/scoring/server.ts", "src/scoring/model-store.ts"],
    rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns: [never.engineCode] }] },
  },
  {
    // One place knows when a standard stream is full or its reader gone.
    files: ["src/**"],
    ignores: ["src/cli/terminal/streams.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        ...["stdout", "stderr"].map((property) => ({
          object: "process",
          property,
          message: "Write through standardOutput and standardError of src/cli/terminal/streams.ts.",
        })),
      ],
    },
  },
  {
    files: ["src/scoring/**", "src/worker.ts"],
    rules: { "no-restricted-imports": ["error", { paths: [never.vscode] }] },
  },
  {
    files: ["webview/**"],
    rules: { "no-restricted-imports": ["error", { paths: [never.vscode], patterns: [never.host] }] },
  },
  {
    files: ["*.mjs", "bench/**", "test/**"],
    rules: { "no-console": "off" },
  },
  {
    files: ["**/*.mjs"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly" } },
  },
);
