import { registry } from "@web/core/registry";

const row = (subject) => `.o_data_row:contains('${subject}')`;

registry.category("web_tour.tours").add("customer_care_macro", {
    steps: () => [
        {
            content: "Two complaints of the same cause are chosen",
            trigger: `${row("Late one")} .o_list_record_selector input`,
            run: "click",
        },
        {
            trigger: `${row("Late two")} .o_list_record_selector input`,
            run: "click",
        },
        {
            content: "They are answered at once",
            trigger: ".o_control_panel button[name='action_change_many']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='complaint_count']:contains('2')",
        },
        {
            trigger: ".modal .o_field_widget[name='macro_id'] input",
            run: "edit Tour macro",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Tour macro')",
            run: "click",
        },
        {
            content: "The first customer's text is shown",
            trigger: ".modal .o_field_widget[name='preview']:contains('Late')",
        },
        {
            trigger: ".modal button[name='action_apply']",
            run: "click",
        },
        {
            content: "The third is opened and gets the macro in one click",
            trigger: `body:not(:has(.modal)) ${row("Late three")} td[name='subject']`,
            run: "click",
        },
        {
            trigger: ".o_care_macros",
            run: "click",
        },
        {
            trigger: ".o_care_macro:contains('Tour macro')",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='tag_ids']:contains('Tour tag')",
        },
        {
            content: "The reply stands in the chatter",
            trigger: ".o-mail-Message:contains('our answer follows')",
        },
    ],
});

registry.category("web_tour.tours").add("customer_care_incoming_call", {
    steps: () => [
        {
            content: "The address opens the hotline with the caller",
            trigger: ".o_care_hotline .o_care_who:contains('Salon')",
        },
        {
            trigger: "#o_care_subject",
            run: "edit Called about a leak && press Enter",
        },
        {
            trigger: ".o_notification:contains('has been recorded')",
        },
    ],
});
