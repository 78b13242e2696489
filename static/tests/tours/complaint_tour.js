import { stepUtils } from "@web_tour/tour_utils";

import { registry } from "@web/core/registry";

const step = (name) => [
    {
        content: `Next step: ${name}`,
        trigger: `.o_statusbar_status button.o_arrow_button:not([disabled]):contains(${name})`,
        run: "click",
    },
    {
        trigger: `.o_statusbar_status .o_arrow_button_current:contains(${name})`,
    },
];

/** A handler takes a complaint from the queue through all steps. */
registry.category("web_tour.tours").add("customer_care_complaint", {
    steps: () => [
        {
            content: "The queue shows the time left",
            trigger:
                ".o_kanban_record:contains(Tour complaint) .o_care_timer:contains(left)",
        },
        {
            content: "Take the complaint up",
            trigger: ".o_kanban_record:contains(Tour complaint)",
            run: "click",
        },
        {
            content: "Its clocks run",
            trigger: ".o_form_view .o_care_timer[data-state='on_track']",
        },
        {
            content: "The customer has been called",
            trigger: "button[name=action_reply_given]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='replied_at']",
        },
        ...step("Tour investigation"),
        ...step("Tour waiting"),
        {
            content: "Waiting for the customer stops the clock",
            trigger: ".o_form_view .o_care_timer[data-state='paused']",
        },
        ...step("Tour execution"),
        {
            trigger: ".o_form_view .o_care_timer[data-state='on_track']",
        },
        ...step("Tour check"),
        {
            content: "Solved in time",
            trigger: ".o_form_view .o_care_timer[data-state='met']",
        },
        {
            content: "All has been written down",
            trigger: "a[name=clocks]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='event_ids']:contains(Resolved)",
        },
        {
            trigger: "button[name=action_close]",
            run: "click",
        },
        {
            trigger: ".o_widget_web_ribbon .ribbon span:contains(Closed)",
        },
    ],
});

/** A manager sees amber in time and gives the complaint to somebody who is free. */
registry.category("web_tour.tours").add("customer_care_complaint_rescue", {
    steps: () => [
        {
            content: "What is about to expire",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            trigger: ".o_filter_menu .o_menu_item:contains(At Risk)",
            run: "click",
        },
        {
            trigger:
                ".o_searchview_facet:contains(At Risk), .o_facet_value:contains(At Risk)",
        },
        {
            content: "The timer is amber and counts what is left",
            trigger:
                ".o_kanban_record:contains(Tour at risk) .o_care_timer[data-state='at_risk']:contains(left)",
        },
        {
            trigger: ".o_kanban_record:contains(Tour at risk)",
            run: "click",
        },
        {
            content: "Give it to somebody else",
            trigger: ".o_field_widget[name='user_id'] input",
            run: "edit care_rescuer",
        },
        {
            trigger: ".o-autocomplete--dropdown-menu a:contains(care_rescuer)",
            run: "click",
        },
        ...stepUtils.saveForm(),
    ],
});

/** Who got it answers and solves it before the time is up. */
registry.category("web_tour.tours").add("customer_care_complaint_rescued", {
    steps: () => [
        {
            trigger:
                ".o_kanban_record:contains(Tour at risk) .o_care_timer[data-state='at_risk']",
        },
        {
            trigger: ".o_kanban_record:contains(Tour at risk)",
            run: "click",
        },
        {
            trigger: "button[name=action_reply_given]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='replied_at']",
        },
        ...step("Tour check"),
        {
            content: "Solved in time",
            trigger: ".o_form_view .o_care_timer[data-state='met']",
        },
    ],
});
