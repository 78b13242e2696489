import { registry } from "@web/core/registry";

/** A category opens: the lost lead that wanted it becomes a new lead. */
registry.category("web_tour.tours").add("customer_care_something_new", {
    steps: () => [
        {
            content: "the lost lead, with what was wanted",
            trigger: ".o_data_row:contains('Wants masks'):contains('Mask')",
        },
        {
            content: "open the menu",
            trigger: "button[data-menu-xmlid='customer_care.menu_outlook']",
            run: "click",
        },
        {
            content: "something new",
            trigger: "a[data-menu-xmlid='customer_care.menu_something_new']",
            run: "click",
        },
        {
            content: "choose the category",
            trigger: ".modal .o_field_widget[name='category_ids'] input",
            run: "edit Mask",
        },
        {
            content: "Mask",
            trigger: ".o-autocomplete--dropdown-item:contains('Mask')",
            run: "click",
        },
        {
            content: "the lost lead matches",
            trigger: ".modal .o_data_row:contains('Wants masks')",
        },
        {
            content: "make the lead",
            trigger: ".modal button[name='action_make_leads']",
            run: "click",
        },
        {
            content: "the new lead is open",
            trigger:
                ".o_form_view .o_field_widget[name='name'] textarea:value('Wants masks · Mask')",
        },
    ],
});
