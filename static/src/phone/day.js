import { Day } from "./app.js";

const day = new Day(JSON.parse(document.getElementById("values").textContent));
globalThis.careDay = day;
await day.start();
