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

const file = [
    {
        trigger: "a[name=case]",
        run: "click",
    },
    {
        trigger: ".o_field_widget[name='root_cause'] textarea",
        run: "edit The box was packed too loosely",
    },
    {
        trigger: ".o_field_widget[name='solution'] textarea",
        run: "edit Two new jars by express",
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
        {
            content: "Going on to the solution wants a cause",
            trigger: ".o_care_next_step:contains(enter the cause)",
        },
        ...file,
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
            content: "Another user asks the customer",
            trigger: ".o_care_next_step:contains(another user than the handler)",
        },
        {
            trigger: "body:not(:has(button:contains(Customer Asked…):visible))",
        },
    ],
});

/** A handler answers a mail in the chatter and solves what it is about. */
registry.category("web_tour.tours").add("customer_care_complaint_mail", {
    steps: () => [
        {
            content: "The mail is in the queue",
            trigger: ".o_kanban_record:contains(Tour complaint)",
            run: "click",
        },
        {
            content: "The customer knows already when there will be an answer",
            trigger: ".o-mail-Message:contains(Rosa)",
        },
        {
            trigger: "button.o-mail-Chatter-sendMessage",
            run: "click",
        },
        {
            trigger: ".o-mail-Composer-input",
            run: "edit Two new jars leave today.",
        },
        {
            trigger: ".o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            trigger: ".o-mail-Message:contains(Two new jars leave today.)",
        },
        ...file,
        ...step("Tour execution"),
        ...step("Tour check"),
        {
            content: "Answered and solved in time",
            trigger: ".o_form_view .o_care_timer[data-state='met']",
        },
    ],
});

/** Another one asks the customer, sends the letter and closes. */
registry.category("web_tour.tours").add("customer_care_complaint_letter", {
    steps: () => [
        {
            trigger: ".o_kanban_record:contains(Tour complaint)",
            run: "click",
        },
        {
            trigger: ".o_form_view button:contains(Customer Asked…)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='solution']:contains(Two new jars)",
        },
        {
            trigger: ".modal label:contains(/^Satisfied$/)",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            trigger: ".o_form_view:not(:has(button:contains(Customer Asked…):visible))",
        },
        {
            content: "Nothing is closed before the letter has gone out",
            trigger: "button[name=action_close]",
            run: "click",
        },
        {
            trigger: ".modal:contains(send or print the closing letter)",
        },
        {
            trigger: ".modal .modal-footer button",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        {
            trigger: "button[name=action_closing_letter]",
            run: "click",
        },
        {
            content: "The letter says how it was solved",
            trigger: ".modal .o_field_widget[name='body']:contains(Two new jars)",
        },
        {
            content: "The fault is not admitted: its cause has no class",
            trigger: ".modal .alert:contains(words are neutral)",
        },
        {
            content: "It can be edited",
            trigger: ".modal .o_field_widget[name='subject'] input",
            run: "edit About your tour",
        },
        {
            trigger: ".modal button[name=action_send]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        {
            trigger:
                ".o-mail-Message:contains(About your tour):contains(looked into it carefully)",
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
        ...file,
        ...step("Tour check"),
        {
            content: "Solved in time",
            trigger: ".o_form_view .o_care_timer[data-state='met']",
        },
    ],
});

/** The first step takes a complaint in three words; later ones take none. */
registry.category("web_tour.tours").add("customer_care_complaint_quick", {
    steps: () => [
        {
            content: "Only the first column takes new complaints",
            trigger:
                ".o_kanban_renderer:not(:has(.o_kanban_group ~ .o_kanban_group .o_kanban_quick_add))",
        },
        {
            trigger: ".o_kanban_group:first .o_kanban_quick_add",
            run: "click",
        },
        {
            trigger: ".o_kanban_quick_create [name=subject] input",
            run: "edit Tour quick",
        },
        {
            trigger: ".o_kanban_quick_create [name=partner_id] input",
            run: "edit Salon",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Salon):first",
            run: "click",
        },
        {
            trigger: ".o_kanban_quick_create [name=category_id] input",
            run: "edit Tour leaks",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Tour leaks)",
            run: "click",
        },
        {
            trigger: ".o_kanban_quick_create .o_kanban_add",
            run: "click",
        },
        {
            trigger: ".o_kanban_group:first .o_kanban_record:contains(Tour quick)",
        },
    ],
});
