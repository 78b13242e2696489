import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("customer_care_departments_start", {
    steps: () => [
        {
            content: "A new campaign",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=name] input",
            run: "edit Tour departments",
        },
        {
            trigger: ".o_form_view:has(.o_field_widget[name=tier_ids])",
        },
        {
            content: "Departments rate each other",
            trigger: ".o_field_widget[name=audience] input[data-value=colleagues]",
            run: "click",
        },
        {
            trigger:
                ".o_form_view:has(.o_field_widget[name=department_ids]):not(:has(.o_field_widget[name=tier_ids]))",
        },
        {
            content: "The ready survey",
            trigger: ".o_field_widget[name=survey_id] input:value(between Departments)",
        },
        {
            content: "Always anonymous",
            trigger: ".o_field_widget[name=anonymous] input:disabled:checked",
        },
        {
            trigger: "button[name=action_sample].btn-primary",
            run: "click",
        },
        {
            trigger: "a[name=preview]",
            run: "click",
        },
        {
            content: "Who rates whom",
            trigger: ".o_field_widget[name=invitation_ids] td[name=rated_team_id]",
        },
    ],
});

tours.add("customer_care_departments_results", {
    steps: () => [
        {
            trigger: ".o_data_row td:contains(Departments)",
            run: "click",
        },
        {
            content: "Everybody about Logistics",
            trigger: "[data-part=departments] [data-department=Logistics] .fw-bold",
        },
        {
            content: "Nothing of the two in Legal",
            trigger:
                "[data-part=departments] [data-department=Logistics]:contains(hidden)",
        },
        {
            content: "No figures that nobody was asked for",
            trigger: ".o_care_results:not(:has([data-part=nps]))",
        },
    ],
});
