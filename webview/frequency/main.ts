import "./style.css";
import type { FromFrequencyView, ToFrequencyView } from "../../src/views/frequency-protocol";
import { startView } from "../shared/view-app";
import { FrequencyApp } from "./app";

startView<ToFrequencyView, FromFrequencyView>((page) => new FrequencyApp(page), { type: "ready" });
