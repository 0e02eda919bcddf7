import "./style.css";
import type { FromComparisonView, ToComparisonView } from "../../src/pages/comparison";
import { startView } from "../shared/view-app";
import { ComparisonApp } from "./app";

startView<ToComparisonView, FromComparisonView>((page) => new ComparisonApp(page), { type: "ready" });
