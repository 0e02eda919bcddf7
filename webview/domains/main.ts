import "./style.css";
import type { DomainsDocument } from "../../src/engine/document/document";
import type { FromResultView, ToResultView } from "../../src/views/result-protocol";
import { startView } from "../shared/view-app";
import { DomainsApp } from "./app";

startView<ToResultView<DomainsDocument>, FromResultView>((page) => new DomainsApp(page), { type: "ready" });
