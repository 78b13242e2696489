import { registry } from "@web/core/registry";

const OPEN_CARE = {
    content: "Open the Care tab",
    trigger: ".o_notebook a[name='customer_care']",
    run: "click",
};

/** Fill a many2one or tags field with the entry of this name. */
const choose = (name, text) => [
    {
        content: `Type ${text}`,
        trigger: `.modal .o_field_widget[name='${name}'] input`,
        run: `edit ${text}`,
    },
    {
        trigger: `.o-autocomplete--dropdown-menu .dropdown-item:contains(${text})`,
        run: "click",
    },
];

/** A rep fills a card that is only a phone number and an address, and verifies it. */
registry.category("web_tour.tours").add("customer_care_fill_card", {
    steps: () => [
        OPEN_CARE,
        {
            content: "The card is hardly filled",
            trigger: ".o_care_score:contains(30 %)",
        },
        {
            content: "And says what is missing",
            trigger: ".o_care_card [data-part='completeness']:contains(Decision maker)",
        },
        {
            content: "Nobody has ever checked it",
            trigger: ".o_care_card [data-part='completeness']:contains(Never verified)",
        },
        {
            trigger: "button[name=action_care_edit]",
            run: "click",
        },
        ...choose("care_region_id", "Tour Harbour"),
        ...choose("care_need_ids", "Tour training"),
        {
            content: "Somebody decides there",
            trigger: ".modal .o_field_widget[name='child_ids'] a:contains(Add a line)",
            run: "click",
        },
        {
            trigger:
                ".modal .o_field_widget[name='child_ids'] .o_selected_row [name='name'] input",
            run: "edit Ada Decider",
        },
        {
            trigger:
                ".modal .o_field_widget[name='child_ids'] .o_selected_row [name='care_decision_role'] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(Decision Maker)",
            run: "click",
        },
        {
            content: "Save the card",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "It is complete",
            trigger: "body:not(:has(.modal)) .o_care_score:contains(100 %)",
        },
        {
            content: "Who decides is on it",
            trigger: ".o_care_card [data-part='contacts']:contains(Ada Decider)",
        },
        {
            content: "Checked with the customer",
            trigger: "button[name=action_care_verify]",
            run: "click",
        },
        {
            trigger: ".o_care_card [data-part='completeness']:contains(Verified on)",
        },
        {
            content: "Parts of the card lead to all there is",
            trigger: ".o_care_card a:contains(All tier changes)",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row",
        },
    ],
});

/** An administrator hands over the customers of who leaves, and takes it back. */
registry.category("web_tour.tours").add("customer_care_handover", {
    steps: () => [
        {
            content: "A new handover",
            trigger: ".o_list_button_add, .o-kanban-button-new",
            run: "click",
        },
        {
            content: "Of who leaves",
            trigger: ".o_field_widget[name='from_user_id'] input",
            run: "edit care_rep",
        },
        {
            trigger: ".o-autocomplete--dropdown-menu .dropdown-item:contains(care_rep)",
            run: "click",
        },
        {
            content: "To the colleague",
            trigger: ".o_field_widget[name='user_id'] input",
            run: "edit care_all",
        },
        {
            trigger: ".o-autocomplete--dropdown-menu .dropdown-item:contains(care_all)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='reason'] input",
            run: "edit Leaves us",
        },
        {
            trigger: "button[name=action_preview]",
            run: "click",
        },
        {
            content: "Who gets what",
            trigger: ".o_care_handover tr:contains(care_all):contains(A 1)",
        },
        {
            trigger: "button[name=action_apply]",
            run: "click",
        },
        {
            content: "Yes",
            trigger: ".modal button:contains(Hand Over)",
            run: "click",
        },
        {
            content: "Done, and it can be taken back",
            trigger: "button[name=action_reverse]",
        },
        {
            content: "What changed hands",
            trigger: "button[name=action_open_lines]",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_group_header:contains(care_all)",
        },
        {
            trigger: ".o_back_button, .breadcrumb-item a:contains(Handover from)",
            run: "click",
        },
        {
            content: "The leaver stays after all",
            trigger: "button[name=action_reverse]",
            run: "click",
        },
        {
            trigger: ".modal button:contains(Take Back)",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Taken Back)",
        },
    ],
});

/** A customer leaves: archiving asks why. */
registry.category("web_tour.tours").add("customer_care_archive", {
    steps: () => [
        {
            trigger: ".o_cp_action_menus .fa-cog",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu .o_menu_item:contains(Archive)",
            run: "click",
        },
        {
            content: "Odoo asks whether to archive",
            trigger: ".modal-footer .btn-primary:contains(Archive)",
            run: "click",
        },
        {
            content: "The app asks why",
            trigger: ".modal .o_field_widget[name='reason_id'] input",
            run: "edit Payment terms",
        },
        {
            trigger:
                ".o-autocomplete--dropdown-menu .dropdown-item:contains(Payment terms)",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            trigger: ".o_widget_web_ribbon .ribbon span:contains(Archived)",
        },
    ],
});
