import { registry } from "@web/core/registry";

/** A manager reads the dashboard and goes from its figures to a late complaint. */
registry.category("web_tour.tours").add("customer_care_dashboard", {
    steps: () => [
        {
            content: "The figures are there",
            trigger: ".o-figure",
        },
        {
            content: "Down to the late complaints",
            trigger: ".o-spreadsheet .o-grid",
            run: ({ anchor }) =>
                anchor.dispatchEvent(
                    new WheelEvent("wheel", { deltaY: 3000, bubbles: true })
                ),
        },
        {
            content: "Open the complaint that is late for longest",
            trigger: ".o-dashboard-clickable-cell[title='Open record']",
            run: "click",
        },
        {
            content: "It is the one behind the figure",
            trigger: ".o_form_view .o_field_widget[name=subject]",
        },
        {
            trigger: ".o_form_view .o_care_timer[data-state='missed']",
        },
    ],
});

/** A manager makes the month-end report of a department and prints it. */
registry.category("web_tour.tours").add("customer_care_month_report", {
    steps: () => [
        {
            content: "A new report",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "It is that of last month, and of the whole company",
            trigger: ".o_care_month h3:contains(At a glance)",
        },
        {
            content: "Who missed what",
            trigger: ".o_care_month td:contains(Report North)",
        },
        {
            content: "Keep it",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Nobody reads it yet, and that is said",
            trigger: "button[name=action_send]:contains(Send by E-mail)",
            run: "click",
        },
        {
            trigger:
                ".o_notification:contains(Add the recipients), .modal:contains(Add the recipients)",
        },
        {
            content: "Close what it says",
            trigger: ".modal .btn-primary, .o_notification_close",
            run: "click",
        },
        {
            content: "The complaints behind it",
            trigger: "button[name=action_open_complaints]",
            run: "click",
        },
        {
            trigger: ".o_pivot th:contains(October 2026)",
        },
        {
            content: "The cell of October opens what was counted",
            trigger: ".o_pivot_cell_value:first",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row td[name=complaint_id]",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=subject]",
        },
    ],
});

/** A manager draws a sample of last month's work and inspects it. */
registry.category("web_tour.tours").add("customer_care_spot_check", {
    steps: () => [
        {
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "Draw",
            trigger: "button[name=action_draw]",
            run: "click",
        },
        {
            content: "The first is right",
            trigger: ".o_field_widget[name=line_ids] button[name=action_right]:first",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=line_ids] .o_data_row.text-muted",
        },
        {
            content: "The second is not",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:eq(1) td[name=remark]",
            run: "click",
        },
        {
            trigger: ".o_selected_row td[name=remark] input",
            run: "edit No result was written down",
        },
        {
            trigger:
                ".o_selected_row td[name=result] .o_select_menu_toggler, .o_selected_row td[name=result] select, .o_selected_row td[name=result] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(Wrong)",
            run: "click",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It is counted",
            trigger: "button[name=action_open_lines]:eq(1) .o_stat_value:contains(1)",
        },
    ],
});
