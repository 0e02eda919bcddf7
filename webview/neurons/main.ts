import "./style.css";
import { startSavedView } from "../shared/saved-app";
import { finishedSection } from "./finished";
import { firstView } from "./view-state";

startSavedView(firstView, finishedSection);
