import { inLine } from "../../src/format/readable";

/* One tooltip for all charts. What it says is also said by each chart's own names and table, so it is hidden from readers. */

let element: HTMLElement | undefined;

function tooltip(): HTMLElement {
  if (!element) {
    element = document.createElement("div");
    element.className = "tooltip";
    element.setAttribute("aria-hidden", "true");
    document.body.append(element);
    // What was pointed at may go or move away without the pointer leaving it.
    for (const event of ["click", "keydown", "scroll"]) window.addEventListener(event, hideTooltip, { capture: true });
  }
  return element;
}

/** Shows the tooltip beside a point of the window, within the window. */
export function showTooltip({ clientX, clientY }: { clientX: number; clientY: number }, said: string): void {
  const shown = tooltip();
  const text = inLine(said);
  if (shown.textContent !== text) shown.textContent = text;
  shown.classList.add("shown");
  const { width, height } = shown.getBoundingClientRect();
  const left = Math.max(4, Math.min(clientX + 12, window.innerWidth - width - 4));
  const below = clientY + 18;
  const top = below + height > window.innerHeight ? clientY - height - 8 : below;
  shown.style.setProperty("left", `${left}px`);
  shown.style.setProperty("top", `${top}px`);
}

/** Hides the tooltip, if it is shown. */
export function hideTooltip(): void {
  element?.classList.remove("shown");
}
