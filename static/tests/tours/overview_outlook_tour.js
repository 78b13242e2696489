import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("customer_care_overview_outlook", {
    steps: () => [
        {
            content: "The hit rate stands in plain words",
            trigger: "[data-part=outlook] [data-name=hit_rate]:contains('63 did not')",
        },
        {
            content: "Open the customers of tier A at risk",
            trigger: "[data-part=outlook] .o_care_entry:contains('A')",
            run: "click",
        },
        {
            content: "They are those counted",
            trigger: ".o_list_view .o_data_row:contains('Theirs')",
        },
        {
            content: "Nobody else is listed",
            trigger: ".o_list_view:not(:has(.o_data_row:contains('Mine')))",
        },
    ],
});
