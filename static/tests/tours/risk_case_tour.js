import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** A rep sees a competitor at a customer, tells it with one tap, and asks for a price. */
tours.add("customer_care_competitor_seen", {
    steps: () => [
        {
            content: "Who it is",
            trigger: ".o_field_widget[name=competitor] input",
            run: "edit Velours",
        },
        {
            content: "One tap",
            trigger: "button[name=action_competitor_seen]",
            run: "click",
        },
        {
            content: "The case is open",
            trigger:
                ".o_field_widget[name=risk_case_id] input, .o_field_widget[name=risk_case_id] a",
        },
        {
            trigger:
                ".o_field_widget[name=risk_case_id] a, .o_field_widget[name=risk_case_id] .o_external_button",
            run: "click",
        },
        {
            content: "The supervisor has been told",
            trigger: "div[name=must_react]:contains(has been told)",
        },
        {
            trigger: ".o_field_widget[name=price_offer] textarea",
            run: "edit Five percent for a year && press Tab",
        },
        {
            trigger: "button[name=action_ask_price]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=price_state]:contains(Requested)",
        },
    ],
});

/** The supervisor finds the case, takes care of it and approves the price. */
tours.add("customer_care_competitor_answered", {
    steps: () => [
        {
            trigger: ".o_kanban_record:contains(Salon):contains(Supervisor must react)",
            run: "click",
        },
        {
            trigger: "button[name=action_react]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=reacted_at]",
        },
        {
            trigger: "button[name=action_approve_price]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=price_state]:contains(Approved)",
        },
    ],
});

/** The customer has ordered again. */
tours.add("customer_care_competitor_won_back", {
    steps: () => [
        {
            trigger: "button[name=action_win]",
            run: "click",
        },
        {
            trigger:
                ".ribbon:contains(Won Back), .o_widget_web_ribbon:contains(Won Back)",
        },
    ],
});
