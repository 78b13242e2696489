import { waitUntil } from "@odoo/hoot-dom";
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

/** {title of a score: number of records}, as the test has counted them */
function careCounts() {
    const cookie = document.cookie.match(/care_counts=([^;]*)/)[1];
    return JSON.parse(decodeURIComponent(cookie));
}

function opens(score, steps) {
    return [
        ...steps,
        {
            content: `${score}: as many rows as records were counted`,
            trigger: ".o_list_view .o_pager_limit",
            run({ anchor }) {
                const count = careCounts()[score];
                if (Number(anchor.textContent) !== count) {
                    throw new Error(
                        `${score}: ${anchor.textContent} rows, not ${count}`
                    );
                }
            },
        },
        {
            content: "Back to the dashboard",
            trigger: ".breadcrumb-item.o_back_button a, .o_back_button",
            run: "click",
        },
        { trigger: ".o-spreadsheet .o-grid" },
    ];
}

const SCORES = [
    "Customers",
    "Sales a month",
    "Contacts made",
    "Answered in time",
    "Median answer",
    "90 % answered in",
    "Open complaints",
    "Late complaints",
    "Repeats",
    "Stale cards",
    "Falling behind",
    "Surveys answered",
    "Satisfaction",
    "Perceived/expected",
    "NPS",
];
/** Scores behind the titles of the lists, from left to right and top to bottom */
const TITLES = ["Late complaints", "Contacts made", "Falling behind", "Stale cards"];
const TITLE_HEIGHT = 35;
const LISTS_TOP = 1650;

function titleCells() {
    return [...document.querySelectorAll(".o-dashboard-clickable-cell")]
        .map((cell) => [cell, cell.getBoundingClientRect()])
        .filter(([, box]) => box.height > TITLE_HEIGHT)
        .sort(([, a], [, b]) => a.top - b.top || a.left - b.left)
        .map(([cell]) => cell);
}

registry.category("web_tour.tours").add("customer_care_dashboard_links", {
    steps: () => [
        ...SCORES.flatMap((score) =>
            opens(score, [
                {
                    content: `Open the records of ${score}`,
                    trigger: `canvas.o-scorecard[title='${score}']`,
                    run: "click",
                },
            ])
        ),
        ...TITLES.flatMap((score, place) =>
            opens(score, [
                {
                    content: "Down to the lists",
                    trigger: ".o-spreadsheet .o-grid",
                    run: ({ anchor }) =>
                        anchor.dispatchEvent(
                            new WheelEvent("wheel", {
                                deltaY: LISTS_TOP,
                                bubbles: true,
                            })
                        ),
                },
                {
                    content: `Open what the title of ${score} counts`,
                    trigger: ".o-dashboard-clickable-cell[title='Open record']",
                    async run() {
                        await waitUntil(() => titleCells().length === TITLES.length);
                        titleCells()[place].click();
                    },
                },
            ])
        ),
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
            content: "The row shows it, not only its menu",
            trigger: ".o_selected_row.text-danger",
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
