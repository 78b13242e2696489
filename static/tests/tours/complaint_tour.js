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
                ".o_data_row:contains(Tour complaint) .o_care_timer:contains(left)",
        },
        {
            content: "Take the complaint up",
            trigger: ".o_data_row td[name=subject]:contains(Tour complaint)",
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
            trigger: ".o_care_next_step a:contains(enter the cause)",
            run: "click",
        },
        {
            content: "The link has opened the page and focused the field",
            trigger: ".o_field_widget[name='root_cause_id'] input:focus",
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
            trigger: ".o_data_row td[name=subject]:contains(Tour complaint)",
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
            trigger: ".o_data_row td[name=subject]:contains(Tour complaint)",
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
                ".o_data_row:contains(Tour at risk) .o_care_timer[data-state='at_risk']:contains(left)",
        },
        {
            trigger: ".o_data_row td[name=subject]:contains(Tour at risk)",
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
                ".o_data_row:contains(Tour at risk) .o_care_timer[data-state='at_risk']",
        },
        {
            trigger: ".o_data_row td[name=subject]:contains(Tour at risk)",
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

const count = { clicks: 0 };
const counted = () => count.clicks++;

/** Handled by one person: open, reply, solved, with no more clicks than these four. */
const shortFile = (subject, solved) => [
    {
        content: "The queue is a list with the stage and the time left",
        trigger: `.o_list_view .o_data_row:has([name=stage_id]:contains(Tour record)):has(.o_care_timer:contains(/h \\d\\d min left/)):contains(${subject})`,
        run() {
            count.clicks = 0;
            document.addEventListener("click", counted, true);
        },
    },
    {
        trigger: `.o_data_row td[name=subject]:contains(${subject})`,
        run: "click",
    },
    {
        trigger: "button.o-mail-Chatter-sendMessage",
        run: "click",
    },
    {
        content: "The cursor is there already: no click, but the tour's own",
        trigger: ".o-mail-Composer-input:focus",
        async run(helpers) {
            document.removeEventListener("click", counted, true);
            await helpers.edit("A new lid leaves today.");
            document.addEventListener("click", counted, true);
        },
    },
    {
        trigger: ".o-mail-Composer-send:enabled",
        run: "click",
    },
    {
        content: "The form has seen the reply",
        trigger: `.o_form_view:has(.o_field_widget[name=replied_at]) button[name=${solved}]`,
        run: "click",
    },
    {
        trigger: ".o_widget_web_ribbon .ribbon span:contains(Closed)",
        run() {
            document.removeEventListener("click", counted, true);
            if (count.clicks !== 4) {
                throw new Error(`${count.clicks} clicks from the mail to the end`);
            }
        },
    },
];

registry.category("web_tour.tours").add("customer_care_complaint_short", {
    steps: () => shortFile("Tour trifle", "action_solved"),
});

registry.category("web_tour.tours").add("customer_care_complaint_minor", {
    steps: () => shortFile("Tour question", "action_solve_minor"),
});

/** A checker finds what waits, and records what the customer says. */
registry.category("web_tour.tours").add("customer_care_complaint_check", {
    steps: () => [
        {
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            trigger: ".o_filter_menu .o_menu_item:contains(Waits for My Check)",
            run: "click",
        },
        {
            trigger:
                ".o_list_view:not(:has(.o_data_row:contains(Tour other))) .o_data_row td[name=subject]:contains(Tour check me)",
            run: "click",
        },
        {
            content: "The banner leads to the question",
            trigger: ".o_care_next_step a[data-what=verified]",
            run: "click",
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
            content: "Nothing is missing for the next step",
            trigger:
                "body:not(:has(.modal)) .o_form_view:not(:has(.o_care_next_step)) .o_field_widget[name=subject]",
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
