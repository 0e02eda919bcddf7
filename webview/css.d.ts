/** Style sheets are bundled beside the script. */
declare module "*.css";

/** Fonts are bundled in the script, as base64. */
declare module "*.woff2" {
  const base64: string;
  export default base64;
}
