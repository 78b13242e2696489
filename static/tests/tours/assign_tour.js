import { registry } from "@web/core/registry";

/** A manager gives several customers the person on their orders. */
registry.category("web_tour.tours").add("customer_care_assign", {
    url: "/odoo/action-customer_care.customer_action",
    steps: () => [
        {
            trigger: ".o_data_row:contains(Tour Shop 1)",
        },
        {
            content: "Choose all",
            trigger: "th.o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel button:contains(Assign)",
            run: "click",
        },
        {
            content: "As on their orders",
            trigger: ".modal div[name=source] label:contains(last order)",
            run: "click",
        },
        {
            content: "What will happen is said before",
            trigger: ".modal [name=summary]:contains(care_rep)",
        },
        {
            trigger: ".modal footer button[name=action_confirm]",
            run: "click",
        },
        {
            trigger: ".o_notification:contains(Assigned customers)",
        },
    ],
});
