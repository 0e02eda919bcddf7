import "./style.css";
import type { PatchingDocument } from "../../src/engine/document/document";
import type { FromResultView, ToResultView } from "../../src/views/result-protocol";
import { startView } from "../shared/view-app";
import { PatchingApp } from "./app";

startView<ToResultView<PatchingDocument>, FromResultView>((page) => new PatchingApp(page), { type: "ready" });
