import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/** A sales manager finds out who is A, B, C and D, and why. */
registry.category("web_tour.tours").add("customer_care_tier_review", {
    url: "/odoo",
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open the app",
            trigger: ".o_app[data-menu-xmlid='customer_care.menu_root']",
            run: "click",
        },
        {
            content: "Open the customers menu",
            trigger: "button[data-menu-xmlid='customer_care.menu_customers']",
            run: "click",
        },
        {
            content: "Go to the reviews",
            trigger: "a[data-menu-xmlid='customer_care.menu_tier_review']",
            run: "click",
        },
        {
            content: "Make a new review",
            trigger: ".o_control_panel:contains(Tier Reviews) .o_list_button_add",
            run: "click",
        },
        {
            content: "Compute with the settings of the company",
            trigger: "button[name='action_compute']",
            run: "click",
        },
        {
            content: "Read the matrix: one new A customer",
            trigger: ".o_care_matrix button[data-cell='None-A']:contains(1)",
            run: "click",
        },
        {
            content: "The cell opens the customers behind it, with the reason",
            trigger: ".o_data_row:contains(Tour Salon):contains(A starts at 10,000)",
        },
        {
            content: "Back to the review",
            trigger: ".o_breadcrumb .o_back_button",
            run: "click",
        },
        {
            content: "Apply",
            trigger: "button[name='action_apply']",
            run: "click",
        },
        {
            content: "Confirm",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "It is applied",
            trigger: ".o_arrow_button_current[data-value='applied']",
        },
        {
            content: "Open the customers menu",
            trigger: "button[data-menu-xmlid='customer_care.menu_customers']",
            run: "click",
        },
        {
            content: "Go to the customers",
            trigger: "a[data-menu-xmlid='customer_care.menu_customer']",
            run: "click",
        },
        {
            content: "The A customer comes first",
            trigger:
                ".o_list_view .o_data_row:first:contains(Tour Salon):contains(A · Tier A) td[name='complete_name']",
            run: "click",
        },
        {
            content: "Open the Care tab",
            trigger: ".o_notebook a[name='customer_care']",
            run: "click",
        },
        {
            content: "See why",
            trigger: ".o_care_tier_reason:contains(15,000 a month over 3 months)",
        },
        {
            content: "And since when",
            trigger: ".o_care_timeline svg circle",
        },
    ],
});

/** A manager changes a tier by hand, with a reason, and finds it in the chatter. */
registry.category("web_tour.tours").add("customer_care_tier_change", {
    steps: () => [
        {
            content: "Open the Care tab",
            trigger: ".o_notebook a[name='customer_care']",
            run: "click",
        },
        {
            content: "Change the tier",
            trigger: ".tab-pane.active button:contains(Change Tier)",
            run: "click",
        },
        {
            content: "To A",
            trigger: ".modal .o_field_widget[name='tier_id'] input",
            run: "edit Tier A",
        },
        {
            trigger:
                ".modal .o_field_widget[name='tier_id'] .dropdown-item:contains(A · Tier A)",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name='reason'] input",
            run: "edit Framework contract",
        },
        {
            trigger: ".modal button[name='action_confirm']",
            run: "click",
        },
        {
            content: "The badge shows it",
            trigger:
                ".o_form_sheet .o_field_care_tier[name='care_tier_id']:contains(A · Tier A)",
        },
        {
            content: "So does the chatter",
            trigger: ".o-mail-Message:contains(Framework contract)",
        },
    ],
});

/** A salesperson filters the pipeline by key accounts and groups it by tier. */
registry.category("web_tour.tours").add("customer_care_pipeline", {
    steps: () => [
        {
            content: "The card shows the tier",
            trigger:
                ".o_kanban_record:contains(Tour Deal) .o_field_care_tier:contains(A · Tier A)",
        },
        {
            content: "Open the filters",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            content: "Key accounts only",
            trigger: ".o_filter_menu .o_menu_item:contains(Key Accounts)",
            run: "click",
        },
        {
            content: "Others are gone",
            trigger: ".o_kanban_renderer:not(:contains(Other Deal))",
        },
        {
            content: "Group by tier",
            trigger: ".o_group_by_menu .o_menu_item:contains(Tier)",
            run: "click",
        },
        {
            content: "The group is there",
            trigger:
                ".o_kanban_group:contains(A · Tier A) .o_kanban_record:contains(Tour Deal)",
        },
    ],
});
