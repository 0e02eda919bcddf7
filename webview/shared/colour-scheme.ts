/** Gives the body the class that VS Code gives it for its themes, by what the reader's system prefers, now and when that changes. */
export function followColourScheme(): void {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    document.body.classList.toggle("vscode-dark", dark.matches);
    document.body.classList.toggle("vscode-light", !dark.matches);
  };
  follow();
  dark.addEventListener("change", follow);
}
