import type { ThemeKind } from "./colour-scale";

/** The kind of theme that VS Code says the body has. */
export function themeKind(): ThemeKind {
  const { classList } = document.body;
  if (classList.contains("vscode-high-contrast-light")) return "high-contrast-light";
  if (classList.contains("vscode-high-contrast")) return "high-contrast";
  return classList.contains("vscode-light") ? "light" : "dark";
}

/** Whether a theme is one of high contrast. */
export function isHighContrast(theme: ThemeKind): boolean {
  return theme === "high-contrast" || theme === "high-contrast-light";
}

/** Calls back when the theme changes: VS Code changes the body's class and the root's variables. */
export function onThemeChange(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ["class"] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["style"] });
}

/** A colour of the theme by its CSS variable; another where the theme has none. */
export function themeColour(variable: string, otherwise: string): string {
  return getComputedStyle(document.body).getPropertyValue(variable).trim() || otherwise;
}
