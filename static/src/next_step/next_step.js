import { Component, useRef } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const FRAMES = 20; // in which the page of a notebook appears

/** The next step of a complaint, and what its file needs before: each a link to it. */
export class NextStep extends Component {
    static template = "customer_care.NextStep";
    static props = { ...standardFieldProps };

    setup() {
        this.root = useRef("root");
    }

    get step() {
        return this.props.record.data[this.props.name];
    }

    /** Press the button that brings what is missing, else focus its field. */
    async goTo({ button, field, page }) {
        const form = this.root.el.closest(".o_form_view");
        const pressed = button && form.querySelector(button);
        if (pressed) {
            pressed.click();
            return;
        }
        if (page) {
            form.querySelector(
                `.o_notebook_headers .nav-link[name="${page}"]:not(.active)`
            )?.click();
        }
        const place = field && (await this.appears(form, `[name="${field}"]`));
        if (place) {
            place.scrollIntoView({ block: "center" });
            const selector = "input, textarea, select, button, a";
            (place.querySelector(selector) || place).focus();
        }
    }

    async appears(form, selector) {
        for (let frame = 0; frame < FRAMES; frame++) {
            const found = form.querySelector(
                `.o_field_widget${selector}, button${selector}`
            );
            if (found) {
                return found;
            }
            await new Promise((resolve) => browser.requestAnimationFrame(resolve));
        }
        return null;
    }
}

registry.category("fields").add("care_next_step", {
    component: NextStep,
    supportedTypes: ["json"],
});
