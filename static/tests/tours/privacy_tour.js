import { registry } from "@web/core/registry";

const complaints = ".modal tr:has(div[name=keep_complaints])";

/** An administrator sees what old data there is, and sets for how long it is kept. */
registry.category("web_tour.tours").add("customer_care_retention", {
    steps: () => [
        {
            content: "Nothing is removed before somebody says so",
            trigger: `${complaints} div[name=due_complaints]:contains(0)`,
        },
        {
            trigger: `${complaints} div[name=keep_complaints] input`,
            run: "edit 12 && press Tab",
        },
        {
            content: "What would go is counted before",
            trigger: `${complaints} div[name=due_complaints]:contains(1)`,
        },
        { trigger: ".modal div[name=confirmed] input", run: "click" },
        { trigger: ".modal div[name=confirmed] input:checked" },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ],
});

/** An administrator erases a person who asked for it, after a preview. */
registry.category("web_tour.tours").add("customer_care_erase_person", {
    steps: () => [
        { trigger: ".o_form_view .o_cp_action_menus .fa-cog", run: "click" },
        {
            content: "What is kept about the person can be handed out",
            trigger: ".o-dropdown-item:contains(Export Personal Data)",
        },
        {
            trigger: ".o-dropdown-item:contains(Erase Personal Data)",
            run: "click",
        },
        {
            content: "The preview says what happens to what",
            trigger:
                ".modal div[name=preview]:contains(Complaints: 1):contains(Family members: 1)",
        },
        { trigger: ".modal div[name=reason] input", run: "click" },
        {
            trigger: ".o_select_menu_item:contains(The person asked for it)",
            run: "click",
        },
        { trigger: ".modal button[name=action_erase]", run: "click" },
        {
            content: "It cannot be undone, so it asks again",
            trigger:
                ".modal:contains(Erase the data of this person for good?) .btn-primary",
            run: "click",
        },
        {
            content: "On to the contacts",
            trigger: ".o_kanban_view .o_control_panel, .o_control_panel .o_kanban",
        },
        { trigger: "body:not(:has(.modal))" },
    ],
});
