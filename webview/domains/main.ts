import "./style.css";
import type { FromDomainsView, ToDomainsView } from "../../src/pages/domains";
import { startView } from "../shared/view-app";
import { DomainsApp } from "./app";

startView<ToDomainsView, FromDomainsView>((page) => new DomainsApp(page), { type: "ready" });
