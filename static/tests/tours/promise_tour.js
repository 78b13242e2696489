import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** A rep promises something in a report. */
tours.add("customer_care_promise_made", {
    steps: () => [
        {
            content: "What was promised",
            trigger: ".o_field_widget[name=promise] input",
            run: "edit Free training && press Tab",
        },
        {
            content: "By when",
            trigger: "div[name=promise_date] button, div[name=promise_date] input",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=promise_date] input",
            run: "edit 12/01/2026",
        },
        {
            content: "What it costs",
            trigger: ".o_field_widget[name=promise_cost] input",
            run: "edit 50",
        },
        {
            trigger: "button[name=action_done]",
            run: "click",
        },
        {
            content: "The report is filed, and the promise is open",
            trigger: ".o_field_widget[name=promise_id]",
        },
    ],
});

/** A colleague hears from the customer that more was promised. */
tours.add("customer_care_promise_disputed", {
    steps: () => [
        {
            trigger: "button[name=action_dispute]",
            run: "click",
        },
        {
            trigger: ".modal .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains(Disputed)",
        },
    ],
});

/** The rep confirms it, keeps it, and sees the notice of fault. */
tours.add("customer_care_promise_kept", {
    steps: () => [
        {
            trigger: ".o_data_row .o_data_cell[name=name]",
            run: "click",
        },
        {
            trigger: "button[name=action_confirm]",
            run: "click",
        },
        {
            trigger:
                ".modal div[name=date_due] button, .modal div[name=date_due] input",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=date_due] input",
            run: "edit 12/04/2026",
        },
        {
            trigger: ".modal .o_field_widget[name=cost] input",
            run: "edit 250",
        },
        {
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains(Open)",
        },
        {
            trigger: "button[name=action_keep]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=words] textarea",
            run: "edit Training held",
        },
        {
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains(Kept)",
        },
        {
            content: "The notice of fault is there",
            trigger: ".oe_stat_button:contains(Notices)",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(Notice of Fault)",
        },
        {
            trigger: ".o_data_row .o_data_cell[name=text]",
            run: "click",
        },
        {
            trigger: "button[name=action_see]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=seen_at]",
        },
    ],
});
