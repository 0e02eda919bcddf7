import { version } from "../../package.json";

/** Of Paramscope. */
export { version };
