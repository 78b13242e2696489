import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

const SEND_AGAIN_AFTER = 15_000; // ms

/** Says that files are too large or too many before they are sent, as a browser cannot
 * give chosen files back after an error; and sends a complaint
 * once: pressing again after a while, as an upload may have been stopped, does no harm. */
export class ComplaintForm extends Interaction {
    static selector = ".o_care_complaint_form";
    dynamicContent = {
        "#care_files": { "t-on-change": this.checkFiles },
        _root: { "t-on-submit": this.onSubmit },
        _window: { "t-on-pageshow": () => this.setSending(false) },
    };

    checkFiles() {
        const input = this.el.querySelector("#care_files");
        const { maxFiles, maxSize, tooMany, tooLarge } = input.dataset;
        let error = "";
        if (input.files.length > maxFiles) {
            error = tooMany;
        } else if ([...input.files].some((file) => file.size > maxSize)) {
            error = tooLarge;
        }
        input.classList.toggle("is-invalid", Boolean(error));
        const place = this.el.querySelector(".o_care_file_error");
        place.textContent = error;
        place.classList.toggle("d-block", Boolean(error));
        return !error;
    }

    onSubmit(ev) {
        if (!this.checkFiles()) {
            ev.preventDefault();
            this.el.querySelector("#care_files").focus();
            return;
        }
        this.setSending(true);
        this.waitForTimeout(() => this.setSending(false), SEND_AGAIN_AFTER);
    }

    setSending(isSending) {
        this.el.querySelector(".o_care_send").disabled = isSending;
    }
}

registry
    .category("public.interactions")
    .add("customer_care.complaint_form", ComplaintForm);
