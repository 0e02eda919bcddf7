import "./style.css";
import type { FromPreview, ToPreview } from "../../src/pages/preview";
import { startView } from "../shared/view-app";
import { PreviewApp } from "./app";

startView<ToPreview, FromPreview>((page) => new PreviewApp(page), { type: "ready" });
