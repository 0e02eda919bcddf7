import "./style.css";
import { startPage } from "../shared/start-page";
import { page } from "./page";

startPage(page);
