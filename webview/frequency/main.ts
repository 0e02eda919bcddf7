import "./style.css";
import type { FromFrequencyView, ToFrequencyView } from "../../src/pages/frequency";
import { startView } from "../shared/view-app";
import { FrequencyApp } from "./app";

startView<ToFrequencyView, FromFrequencyView>((page) => new FrequencyApp(page), { type: "ready" });
