import { render } from "preact";
import { App } from "./app.tsx";
import { followServer } from "./state/catalog.ts";

const place = document.getElementById("app");
if (place !== null) render(<App />, place);
followServer();
