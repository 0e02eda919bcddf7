import { version } from "../../package.json";

/** The version of Paramscope. */
export { version };
