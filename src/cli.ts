import "./sound-compiler";

import { main } from "./cli/main";

void main(process.argv);
