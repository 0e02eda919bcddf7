import "./style.css";
import type { FromAnalysisView, ToAnalysisView } from "../../src/pages/analysis";
import { startView } from "../shared/view-app";
import { AnalysisApp } from "./app";

startView<ToAnalysisView, FromAnalysisView>((page) => new AnalysisApp(page), { type: "ready" });
