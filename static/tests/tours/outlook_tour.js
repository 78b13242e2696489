import { registry } from "@web/core/registry";

const EMPTY = ".o_view_nocontent:contains('No reorder is due this week')";

/** A rep turns what is due into a quotation with the usual goods, and confirms it. */
registry.category("web_tour.tours").add("customer_care_reorder", {
    steps: () => [
        {
            content: "the customer is due, with the usual goods",
            trigger:
                ".o_data_row:contains('Mine'):contains('Serum') td[name='goods']:contains('× 2')",
        },
        {
            content: "nothing of a colleague's customers",
            trigger: ".o_list_view:not(:has(.o_data_row:contains('Theirs')))",
        },
        {
            content: "make the quotation",
            trigger:
                ".o_data_row:contains('Mine') button[name='action_make_quotation']",
            run: "click",
        },
        {
            content: "it has the goods",
            trigger: ".o_field_widget[name='order_line'] .o_data_row:contains('2.00')",
        },
        {
            content: "confirm it",
            trigger: ".o_statusbar_buttons button[name='action_confirm']",
            run: "click",
        },
        {
            content: "it is a sales order",
            trigger:
                ".o_statusbar_status .o_arrow_button_current:contains('Sales Order')",
        },
        {
            content: "back to the list",
            trigger:
                ".o_breadcrumb .o_back_button a, .o_breadcrumb a:contains('Reorders Due')",
            run: "click",
        },
        {
            content: "it is no longer due",
            trigger: EMPTY,
        },
    ],
});
