import { darkColours, lightColours } from "../../../src/report/colours";

/* What VS Code sets on a webview's root for its four kinds of themes: the values of its Modern and high-contrast themes. */

const fonts = {
  "--vscode-font-family": "system-ui, sans-serif",
  "--vscode-font-size": "13px",
  "--vscode-editor-font-family": "monospace",
  "--vscode-editor-font-size": "13px",
};

export const themes = {
  dark: {
    class: "vscode-dark",
    variables: {
      ...fonts,
      ...darkColours,
    },
  },
  light: {
    class: "vscode-light",
    variables: {
      ...fonts,
      ...lightColours,
    },
  },
  "high-contrast": {
    class: "vscode-high-contrast",
    variables: {
      ...fonts,
      "--vscode-foreground": "#ffffff",
      "--vscode-descriptionForeground": "#ffffffb3",
      "--vscode-errorForeground": "#f48771",
      "--vscode-focusBorder": "#f38518",
      "--vscode-contrastBorder": "#6fc3df",
      "--vscode-contrastActiveBorder": "#f38518",
      "--vscode-editor-background": "#000000",
      "--vscode-panel-border": "#6fc3df",
      "--vscode-textLink-foreground": "#21a6ff",
      "--vscode-charts-blue": "#59a4f9",
      "--vscode-charts-orange": "#d18616",
      "--vscode-button-background": "#000000",
      "--vscode-button-foreground": "#ffffff",
      "--vscode-button-border": "#6fc3df",
      "--vscode-button-hoverBackground": "#000000",
      "--vscode-button-secondaryBackground": "#000000",
      "--vscode-button-secondaryForeground": "#ffffff",
      "--vscode-button-secondaryHoverBackground": "#000000",
      "--vscode-settings-textInputBackground": "#000000",
      "--vscode-settings-textInputForeground": "#ffffff",
      "--vscode-settings-textInputBorder": "#6fc3df",
      "--vscode-settings-dropdownBackground": "#000000",
      "--vscode-settings-dropdownForeground": "#ffffff",
      "--vscode-settings-dropdownBorder": "#6fc3df",
      "--vscode-settings-dropdownListBorder": "#6fc3df",
      "--vscode-settings-checkboxBackground": "#000000",
      "--vscode-settings-checkboxBorder": "#6fc3df",
      "--vscode-settings-checkboxForeground": "#ffffff",
      "--vscode-icon-foreground": "#ffffff",
      "--vscode-editorHoverWidget-background": "#0c141f",
      "--vscode-editorHoverWidget-border": "#6fc3df",
      "--vscode-progressBar-background": "#6fc3df",
      "--vscode-paramscope-saliency5": "#d18616a8",
      "--vscode-paramscope-salientForeground": "#ffffff",
      "--vscode-inputOption-activeBackground": "#00000000",
      "--vscode-inputOption-activeForeground": "#ffffff",
      "--vscode-inputOption-activeBorder": "#6fc3df",
    },
  },
  "high-contrast-light": {
    class: "vscode-high-contrast-light",
    variables: {
      ...fonts,
      "--vscode-foreground": "#292929",
      "--vscode-descriptionForeground": "#292929",
      "--vscode-errorForeground": "#b5200d",
      "--vscode-focusBorder": "#006bbd",
      "--vscode-contrastBorder": "#0f4a85",
      "--vscode-contrastActiveBorder": "#006bbd",
      "--vscode-editor-background": "#ffffff",
      "--vscode-panel-border": "#0f4a85",
      "--vscode-textLink-foreground": "#0f4a85",
      "--vscode-charts-blue": "#1a85ff",
      "--vscode-charts-orange": "#d18616",
      "--vscode-button-background": "#0f4a85",
      "--vscode-button-foreground": "#ffffff",
      "--vscode-button-border": "#0f4a85",
      "--vscode-button-hoverBackground": "#0f4a85",
      "--vscode-button-secondaryBackground": "#ffffff",
      "--vscode-button-secondaryForeground": "#292929",
      "--vscode-button-secondaryHoverBackground": "#ffffff",
      "--vscode-settings-textInputBackground": "#ffffff",
      "--vscode-settings-textInputForeground": "#292929",
      "--vscode-settings-textInputBorder": "#0f4a85",
      "--vscode-settings-dropdownBackground": "#ffffff",
      "--vscode-settings-dropdownForeground": "#292929",
      "--vscode-settings-dropdownBorder": "#0f4a85",
      "--vscode-settings-dropdownListBorder": "#0f4a85",
      "--vscode-settings-checkboxBackground": "#ffffff",
      "--vscode-settings-checkboxBorder": "#0f4a85",
      "--vscode-settings-checkboxForeground": "#292929",
      "--vscode-icon-foreground": "#292929",
      "--vscode-editorHoverWidget-background": "#ffffff",
      "--vscode-editorHoverWidget-border": "#0f4a85",
      "--vscode-progressBar-background": "#0f4a85",
      "--vscode-paramscope-saliency5": "#a85b00bf",
      "--vscode-paramscope-salientForeground": "#000000",
      "--vscode-inputOption-activeBackground": "#00000000",
      "--vscode-inputOption-activeForeground": "#292929",
      "--vscode-inputOption-activeBorder": "#0f4a85",
    },
  },
} as const;

export type Theme = keyof typeof themes;
export const themeNames = Object.keys(themes) as Theme[];

/** Every theme, and narrow one of them: width changes the layout, a theme only its colours. */
export function looks(wide: number, narrow: number): { readonly theme: Theme; readonly width: number }[] {
  return themeNames.flatMap((theme) => (theme === "dark" ? [wide, narrow] : [wide]).map((width) => ({ theme, width })));
}
