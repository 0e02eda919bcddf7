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
};

export default defineConfig(
  { ignores: ["dist/", "test/fixtures/", "test/cli/golden/", "models/", "samples/", ".models/", "coverage/"] },
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
    files: ["*.mjs", "bench/**", "test/**"],
    rules: { "no-console": "off" },
  },
  {
    files: ["**/*.mjs"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly" } },
  },
);
