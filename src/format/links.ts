const hosts = new Set(["arxiv.org", "en.wikipedia.org", "github.com"]);

/** The address that a link of a page leads to, where pages may lead there; undefined for every other one. */
export function allowedLink(url: string): string | undefined {
  const link = URL.canParse(url) ? new URL(url) : undefined;
  return link?.protocol === "https:" && hosts.has(link.hostname) ? link.href : undefined;
}
