import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const BANNER = ".alert:contains(running clocks still follow the working hours)";

/** A holiday came in while a clock runs: recompute on the policy. */
registry.category("web_tour.tours").add("customer_care_hours_policy", {
    steps: () => [
        {
            content: "One clock follows the hours as they were",
            trigger: `${BANNER}:contains(1)`,
        },
        {
            trigger: "button[name=action_recompute_hours]",
            run: "click",
        },
        {
            content: "Nothing is left to decide",
            trigger: `.o_form_view:not(:has(${BANNER}))`,
        },
    ],
});

/** A special day is entered on the calendar: recompute there. */
registry.category("web_tour.tours").add("customer_care_hours_calendar", {
    steps: () => [
        { trigger: BANNER },
        { trigger: "a[name=care_working_days]", run: "click" },
        {
            trigger: "div[name=care_working_day_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger:
                "div[name=care_working_day_ids] .o_selected_row div[name=date] input, div[name=care_working_day_ids] .o_selected_row div[name=date] button",
            run: "click",
        },
        {
            trigger:
                ".o_datetime_picker .o_today, .o_datetime_picker .o_date_item_cell:not(.o_out_of_range)",
            run: "click",
        },
        {
            trigger:
                "div[name=care_working_day_ids] .o_selected_row div[name=like_weekday] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(Tuesday)",
            run: "click",
        },
        ...stepUtils.saveForm(),
        {
            trigger: "button[name=action_care_recompute]",
            run: "click",
        },
        {
            content: "Nothing is left to decide",
            trigger: `.o_form_view:not(:has(${BANNER}))`,
        },
    ],
});
