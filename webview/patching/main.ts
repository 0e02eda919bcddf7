import "./style.css";
import type { FromPatchingView, ToPatchingView } from "../../src/pages/patching";
import { startView } from "../shared/view-app";
import { PatchingApp } from "./app";

startView<ToPatchingView, FromPatchingView>((page) => new PatchingApp(page), { type: "ready" });
