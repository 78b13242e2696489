import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/** Says that files are too large or too many before they are sent, as a browser cannot
 * give chosen files back after an error; and sends a complaint once. */
export class ComplaintForm extends Interaction {
    static selector = ".o_care_complaint_form";
    dynamicContent = {
        "#care_files": { "t-on-change": this.checkFiles },
        _root: { "t-on-submit": this.onSubmit },
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
        this.el.querySelector(".o_care_send").disabled = true;
    }
}

registry
    .category("public.interactions")
    .add("customer_care.complaint_form", ComplaintForm);
