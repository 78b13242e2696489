import { registry } from "@web/core/registry";

/** A rep turns what is due into a quotation with the usual goods, and confirms it. */
registry.category("web_tour.tours").add("customer_care_reorder", {
    steps: () => [
        {
            content: "the customer is due, with the usual goods",
            trigger: ".o_data_row:contains('Mine'):contains('Serum × 2')",
        },
        {
            content: "nothing of a colleague's customers",
            trigger: ".o_list_view:not(:contains('Theirs'))",
        },
        {
            content: "make the quotation",
            trigger: ".o_data_row:contains('Mine') button:contains('Quotation')",
            run: "click",
        },
        {
            content: "it has the goods",
            trigger: ".o_field_widget[name='order_line'] .o_data_row:contains('Serum')",
        },
        {
            content: "confirm it",
            trigger:
                "button[name='action_confirm'].btn-primary, button[name='action_confirm']",
            run: "click",
        },
        {
            content: "it is a sales order",
            trigger:
                ".o_statusbar_status .o_arrow_button_current:contains('Sales Order')",
        },
        {
            content: "back to the list",
            trigger: ".breadcrumb-item:contains('Reorders Due') a, .o_back_button a",
            run: "click",
        },
        {
            content: "it is no longer due",
            trigger: ".o_view_nocontent:contains('No reorder is due this week')",
        },
    ],
});
