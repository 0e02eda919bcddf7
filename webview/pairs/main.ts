import "./style.css";
import type { FromPairsView, ToPairsView } from "../../src/pages/pairs";
import { startView } from "../shared/view-app";
import { PairsApp } from "./app";

startView<ToPairsView, FromPairsView>((page) => new PairsApp(page), { type: "ready" });
