import type { Page } from "playwright-core";

/**
 * What an expression is in the window or one of its webviews, once it is a number in one. Their policies forbid to wait for
 * it over there, so it is asked for again and again, seldom enough not to disturb.
 */
export async function numberOf(page: Page, expression: string): Promise<number> {
  const end = Date.now() + 60_000;
  while (Date.now() < end) {
    for (const frame of page.frames()) {
      // A frame may be gone meanwhile.
      const value = await frame.evaluate<unknown>(expression).catch(() => undefined);
      if (typeof value === "number" && !Number.isNaN(value)) return value;
    }
    await page.waitForTimeout(200);
  }
  throw new Error(`${expression} did not become a number.`);
}
