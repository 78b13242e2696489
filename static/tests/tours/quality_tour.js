import { registry } from "@web/core/registry";

const row = (name) => `.o_field_widget[name=mark_ids] .o_data_row:contains(${name})`;

/** An inspector marks a report by its checklist; a finding leads to coaching. */
registry.category("web_tour.tours").add("customer_care_checklist", {
    steps: () => [
        {
            trigger: ".o_field_widget[name=line_ids] button[name=action_inspect]",
            run: "click",
        },
        ...["Listened", "Fixed"].flatMap((name) => [
            { trigger: `${row(name)} button[name=action_yes]`, run: "click" },
            { trigger: `${row(name)} td[name=value]:contains(Yes)` },
        ]),
        { trigger: `${row("Polite")} button[name=action_no]`, run: "click" },
        { trigger: `${row("Polite")} td[name=value]:contains(No)` },
        {
            content: "The result comes from the checklist",
            trigger: "button[name=action_finish]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=text] textarea",
            run: "edit Practise to be polite",
        },
        {
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_field_widget[name=follow_up]",
        },
    ],
});

/** The second inspector does not know the first marks. */
registry.category("web_tour.tours").add("customer_care_checklist_second", {
    steps: () => [
        {
            trigger: ".o_data_row td[name=name]",
            run: "click",
        },
        ...["Listened", "Fixed", "Polite"].flatMap((name) => [
            { trigger: `${row(name)} button[name=action_yes]`, run: "click" },
            { trigger: `${row(name)} td[name=value]:contains(Yes)` },
        ]),
        {
            trigger: "button[name=action_finish]",
            run: "click",
        },
        {
            content: "Now the first result can be read",
            trigger: ".o_field_widget[name=first_result]:contains(Wrong)",
        },
    ],
});
