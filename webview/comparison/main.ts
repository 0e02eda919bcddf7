import "./style.css";
import type { FromComparisonView, ToComparisonView } from "../../src/views/comparison-protocol";
import { startView } from "../shared/view-app";
import { ComparisonApp } from "./app";

startView<ToComparisonView, FromComparisonView>((page) => new ComparisonApp(page), { type: "ready" });
