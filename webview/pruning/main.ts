import "./style.css";
import type { FromPruningView, ToPruningView } from "../../src/pages/pruning";
import { startView } from "../shared/view-app";
import { PruningApp } from "./app";

startView<ToPruningView, FromPruningView>((page) => new PruningApp(page), { type: "ready" });
