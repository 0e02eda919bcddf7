import "./style.css";
import type { FromPatchingView, ToPatchingView } from "../../src/views/patching-protocol";
import { startView } from "../shared/view-app";
import { PatchingApp } from "./app";

startView<ToPatchingView, FromPatchingView>((page) => new PatchingApp(page), { type: "ready" });
