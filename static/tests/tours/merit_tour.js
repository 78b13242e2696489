import { registry } from "@web/core/registry";

const entry = ".o_data_row:contains(Tour Salon)";

/** The administrator tells the leader of the team of a visit that was missed. */
registry.category("web_tour.tours").add("customer_care_merit_tell", {
    steps: () => [
        {
            content: "The entry names what was missed",
            trigger: `${entry}:contains(Visit missed)`,
        },
        { trigger: `${entry} td[name=cause]`, run: "click" },
        {
            trigger:
                ".o_form_view .o_statusbar_status button[aria-checked=true]:contains(Proposed)",
        },
        {
            trigger: ".o_form_view button[name=action_tell]",
            run: "click",
        },
        {
            content: "The person can object from now on",
            trigger:
                ".o_form_view .o_statusbar_status button[aria-checked=true]:contains(Told)",
        },
        { trigger: "div[name=heard_until]" },
        {
            content: "Nothing is confirmed before the person was heard",
            trigger: ".o_form_view:not(:has(button[name=action_confirm]))",
        },
    ],
});

/** The leader objects to it. */
registry.category("web_tour.tours").add("customer_care_merit_object", {
    steps: () => [
        { trigger: `${entry} td[name=cause]`, run: "click" },
        {
            content: "Who is charged cannot decide",
            trigger: ".o_form_view:not(:has(button[name=action_settle]))",
        },
        { trigger: ".o_form_view button:contains(Object)", run: "click" },
        {
            trigger: ".modal div[name=reason] textarea",
            run: "edit The shop was closed",
        },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        { trigger: "div[name=objection]:contains(The shop was closed)" },
        { trigger: ".o_form_view:not(:has(.modal))" },
    ],
});

/** The objection is answered, the entry confirmed, and the month closed. */
registry.category("web_tour.tours").add("customer_care_merit_confirm", {
    steps: () => [
        { trigger: `${entry} td[name=cause]`, run: "click" },
        { trigger: "div[name=objection]:contains(The shop was closed)" },
        { trigger: ".o_form_view button:contains(Answer)", run: "click" },
        {
            content: "The objection stands beside its answer",
            trigger: ".modal div[name=objection]:contains(The shop was closed)",
        },
        {
            trigger: ".modal div[name=reason] textarea",
            run: "edit It was open until six",
        },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        {
            trigger:
                ".o_form_view .o_statusbar_status button[aria-checked=true]:contains(Heard)",
        },
        { trigger: ".o_form_view button[name=action_confirm]", run: "click" },
        {
            trigger:
                ".o_form_view .o_statusbar_status button[aria-checked=true]:contains(Confirmed)",
        },
    ],
});

registry.category("web_tour.tours").add("customer_care_merit_close", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        {
            content: "The last month is proposed",
            trigger: ".o_form_button_save",
            run: "click",
        },
        { trigger: "button[name=action_close]", run: "click" },
        { trigger: ".modal .modal-footer .btn-primary", run: "click" },
        {
            trigger:
                ".o_form_view .o_statusbar_status button[aria-checked=true]:contains(Closed)",
        },
        {
            content: "The figures are frozen, by cause",
            trigger: "div[name=content]:contains(Visit missed)",
        },
    ],
});

/** The leader reads the statement. */
registry.category("web_tour.tours").add("customer_care_merit_statement", {
    steps: () => [
        { trigger: ".o_data_row td[name=user_id]", run: "click" },
        {
            trigger:
                ".o_care_merit_statement tr:contains(Tour Salon):contains(Settled)",
        },
        { trigger: ".o_care_merit_statement tfoot:contains(30.00)" },
        { trigger: "button[name=action_print]" },
    ],
});
