import { browser } from "@web/core/browser/browser";
import { hasTouch } from "@web/core/browser/feature_detection";
import { registry } from "@web/core/registry";
import { Tooltip } from "@web/core/tooltip/tooltip";

const SHOWN = 3000; // ms

/**
 * Says on a tap what an icon means: a phone shows no ``title``. For elements of the class
 * ``o_care_explain``; views may not have the tooltips of Odoo's own templates.
 */
export const explainService = {
    dependencies: ["popover"],
    start(_env, { popover }) {
        let close = () => {};
        let timeout;

        function explain(ev) {
            const icon = ev.target.closest?.(".o_care_explain[title]");
            if (!icon?.title || !hasTouch() || icon.closest("a, button")) {
                return;
            }
            // nothing else happens: the card below the icon stays closed
            ev.stopPropagation();
            ev.preventDefault();
            browser.clearTimeout(timeout);
            close();
            close = popover.add(icon, Tooltip, { tooltip: icon.title });
            timeout = browser.setTimeout(() => close(), SHOWN);
        }

        document.addEventListener("click", explain, { capture: true });
    },
};

registry.category("services").add("care_explain", explainService);
