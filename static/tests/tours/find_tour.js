import { registry } from "@web/core/registry";

/** Key accounts in one region without a visit for 30 days, in three clicks. */
registry.category("web_tour.tours").add("customer_care_not_seen", {
    steps: () => [
        { trigger: ".o_data_row:contains(Tour Elsewhere)" },
        {
            content: "First click: the region",
            trigger: ".o_search_panel_category_value header:contains(Tour East)",
            run: "click",
        },
        { trigger: ".o_list_view:not(:has(.o_data_row:contains(Tour Elsewhere)))" },
        {
            content: "Second click: key accounts",
            trigger: ".o_search_panel_filter_value label:contains(Key accounts)",
            run: "click",
        },
        { trigger: ".o_list_view:not(:has(.o_data_row:contains(Tour Small)))" },
        {
            content: "Third click: not visited for 30 days",
            trigger: ".o_search_panel_filter_value label:contains(30 days)",
            run: "click",
        },
        { trigger: ".o_list_view:not(:has(.o_data_row:contains(Tour Seen)))" },
        {
            content: "With the day of the last visit",
            trigger:
                ".o_data_row:contains(Tour Neglected) td[name=care_last_visit_date]:not(:empty)",
        },
        {
            content: "Nobody else",
            trigger: ".o_list_view:not(:has(.o_data_row ~ .o_data_row))",
        },
    ],
});

/** Nobody was there: one tap in the report, undone, and again. */
registry.category("web_tour.tours").add("customer_care_not_met", {
    steps: () => [
        {
            content: "The visit to report",
            trigger:
                ".o_data_row td[name=partner_id]:contains(Tour Salon), .o_kanban_record:contains(Tour Salon)",
            run: "click",
        },
        {
            content: "One tap",
            trigger: ".o_form_sheet button[name=action_not_met]:contains(Nobody There)",
            run: "click",
        },
        {
            content: "It can be undone",
            trigger: ".alert:contains(tried, not as made) button:contains(Undo)",
            run: "click",
        },
        {
            trigger: ".o_form_sheet button[name=action_not_met]:contains(Nobody There)",
            run: "click",
        },
        { trigger: ".alert:contains(tried, not as made)" },
    ],
});
