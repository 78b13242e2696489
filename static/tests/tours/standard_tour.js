import { registry } from "@web/core/registry";

const publish = [
    { trigger: ".o_form_view button[name=action_publish]", run: "click" },
    {
        trigger:
            ".o_form_view .o_statusbar_status button[aria-checked=true]:contains(Valid)",
    },
];

/** The leader of a department writes a standard and publishes it. */
registry.category("web_tour.tours").add("customer_care_standard_publish", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        {
            content: "It is for the own department",
            trigger: "div[name=department_id] input:value(North)",
        },
        { trigger: "div[name=name] input", run: "edit Visits" },
        {
            trigger: "div[name=text] .odoo-editor-editable",
            run: "editor Be on time",
        },
        ...publish,
    ],
});

/** A member confirms it, and cannot change it. */
registry.category("web_tour.tours").add("customer_care_standard_confirm", {
    steps: () => [
        { trigger: ".o_list_view:not(:has(.o_list_button_add))" },
        { trigger: ".o_data_row:contains(Visits) td[name=name]", run: "click" },
        {
            trigger: ".o_form_view:not(:has(button[name=action_new_version]))",
        },
        { trigger: "div[name=text]:contains(Be on time)" },
        { trigger: ".o_form_view button[name=action_confirm]", run: "click" },
        {
            content: "Once is enough",
            trigger: ".o_form_view:not(:has(button[name=action_confirm]))",
        },
    ],
});

/** The next version asks again. */
registry.category("web_tour.tours").add("customer_care_standard_version", {
    steps: () => [
        { trigger: ".o_data_row:contains(Visits) td[name=name]", run: "click" },
        { trigger: ".o_form_view button[name=action_new_version]", run: "click" },
        { trigger: "div[name=version]:contains(2)" },
        ...publish,
    ],
});
