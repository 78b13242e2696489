import { LEAVING, Store } from "./store.js";

const { redirect } = document.getElementById("bye").dataset;
try {
    const store = await Store.open();
    await store.wipe();
} finally {
    localStorage.removeItem(LEAVING);
    location.replace(redirect);
}
