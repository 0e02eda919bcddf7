/** Environment variables by name, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The proxy that the environment names for an address; undefined where it is to be reached directly. */
export function proxyFor(url: URL, environment: Environment): URL | undefined {
  const { http_proxy, HTTP_PROXY, https_proxy, HTTPS_PROXY, no_proxy, NO_PROXY, all_proxy, ALL_PROXY } = environment;
  const forScheme = url.protocol === "https:" ? (https_proxy ?? HTTPS_PROXY) : (http_proxy ?? HTTP_PROXY);
  const proxy = forScheme ?? all_proxy ?? ALL_PROXY ?? "";
  if (proxy === "" || isExcepted(url, no_proxy ?? NO_PROXY ?? "")) return undefined;
  const address = proxy.includes("://") ? proxy : `http://${proxy}`;
  return URL.canParse(address) ? new URL(address) : undefined;
}

/** `NO_PROXY`: hosts, or ends of hosts, with or without a port, between commas or spaces; `*` is all. */
function isExcepted(url: URL, list: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port;
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      if (entry === "*") return true;
      const [, name = "", onlyPort] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(entry) ?? [];
      const domain = name.replace(/^\*?\./, "");
      return (onlyPort === undefined || onlyPort === port) && (host === domain || host.endsWith(`.${domain}`));
    });
}
