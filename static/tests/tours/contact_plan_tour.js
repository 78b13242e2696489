import { browser } from "@web/core/browser/browser";
import { patch } from "@web/core/utils/patch";
import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/** A sales rep on the way: what is due, what to know, the visit, its report. */
registry.category("web_tour.tours").add("customer_care_rep_day", {
    steps: () => [
        {
            content: "The contact due is on the rep's list",
            trigger:
                ".o_kanban_group:contains(Overdue) .o_kanban_record:contains(Tour Salon)",
        },
        {
            content: "Read the card before the visit",
            trigger: ".o_kanban_record:contains(Tour Salon):contains(Visit)",
            run: "click",
        },
        {
            content: "What was agreed last time is on it",
            trigger: ".o_care_brief:contains(Wants the price list)",
        },
        {
            content: "Start the visit",
            trigger: "button[name=action_report]:contains(Start Visit)",
            run: "click",
        },
        {
            content: "Check in where the phone says we are",
            trigger: ".o_care_check_in button",
            run({ anchor }) {
                patch(browser.navigator, {
                    geolocation: {
                        getCurrentPosition: (done) =>
                            done({
                                coords: { latitude: 31.2304, longitude: 121.4737 },
                            }),
                    },
                });
                anchor.click();
            },
        },
        { trigger: ".o_care_check_in a:contains(Map)" },
        {
            content: "How the customer felt",
            trigger: ".o_care_faces button[title='Highly satisfied']",
            run: "click",
        },
        {
            content: "What it was for",
            trigger: "div[name=purpose_ids] .form-check:contains(Service) input",
            run: "click",
        },
        {
            trigger: "div[name=summary] textarea",
            run: "edit Serum sells well",
        },
        {
            content: "The next appointment",
            trigger: "div[name=next_date] button, div[name=next_date] input",
            run: "click",
        },
        {
            trigger:
                ".o_datetime_picker .o_date_item_cell.o_today ~ .o_date_item_cell, .o_datetime_picker .o_date_item_cell:last",
            run: "click",
        },
        {
            trigger: ".o_datetime_picker .o_datetime_buttons button:contains(Apply)",
            run: "click",
        },
        {
            trigger: "div[name=next_topic] input",
            run: "edit Second shelf",
        },
        {
            content: "File it",
            trigger: "button[name=action_done]:contains(File Report)",
            run: "click",
        },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains(Done)" },
        {
            content: "The next contact is planned",
            trigger: "div[name=next_id]:contains(Tour Salon)",
        },
    ],
});

/** A manager: plan, what it would ask, attainment. */
registry.category("web_tour.tours").add("customer_care_manager_plan", {
    steps: () => [
        {
            trigger: ".o_data_row td:contains(Plan A)",
            run: "click",
        },
        {
            content: "The plan reads in words",
            trigger:
                ".o_care_plan_table tr:contains(Sales Rep) button:contains(2 visits a month)",
            run: "click",
        },
        {
            trigger: ".modal div[name=times] input",
            run: "edit 4",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        { trigger: "body:not(:has(.modal))" },
        {
            content: "What it would ask, before it is saved",
            trigger: "div[name=what_if]:contains(Nothing changes until you save)",
        },
        { trigger: "div[name=what_if] tr:contains(Sales Rep):contains(→)" },
        {
            content: "A call more for somebody",
            trigger:
                ".o_care_plan_table tr:contains(Brand Manager) .o_care_plan_add:eq(2)",
            run: "click",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger:
                ".o_care_plan_table tr:contains(Brand Manager) button:contains(1 call a month)",
        },
        ...stepUtils.saveForm(),
        {
            trigger: ".o_care_plan_table button:contains(4 visits a month)",
        },
        {
            trigger: ".o_menu_sections button:contains(Reporting)",
            run: "click",
        },
        {
            trigger: ".dropdown-item:contains(Attainment)",
            run: "click",
        },
        { trigger: ".o_pivot th:contains(Attainment)" },
        {
            trigger: ".o_menu_sections button:contains(Reporting)",
            run: "click",
        },
        {
            trigger: ".dropdown-item:contains(Capacity)",
            run: "click",
        },
        { trigger: ".o_care_capacity td:contains(%)" },
    ],
});

/** From an opportunity to the report of a call. */
registry.category("web_tour.tours").add("customer_care_lead_contact", {
    steps: () => [
        {
            trigger: "button[name=action_log_care_interaction]",
            run: "click",
        },
        {
            trigger: "div[name=channel] label:contains(Phone)",
            run: "click",
        },
        {
            trigger: "div[name=summary] textarea",
            run: "edit Asked for an offer",
        },
        {
            trigger: "button[name=action_done]",
            run: "click",
        },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains(Done)" },
        {
            trigger: ".o_breadcrumb a:contains(Tour Deal)",
            run: "click",
        },
        {
            trigger: "a[name=customer_care]",
            run: "click",
        },
        { trigger: "div[name=care_interaction_ids]:contains(Asked for an offer)" },
    ],
});

/** Somebody excuses a contact from the list. */
registry.category("web_tour.tours").add("customer_care_excuse", {
    steps: () => [
        {
            trigger: ".o_form_view button:contains(Excuse)",
            run: "click",
        },
        {
            trigger: ".modal div[name=kind] label:contains(Holiday)",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains(Excused)" },
    ],
});

/** A supervisor refuses one excuse with words and approves the others. */
registry.category("web_tour.tours").add("customer_care_excuse_approval", {
    steps: () => [
        {
            content: "What the rep asked for",
            trigger: ".o_data_row:contains(Tour Shop):contains(Closed for works)",
        },
        {
            trigger: ".o_data_row:contains(Tour Shop) .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel button:contains(Refuse)",
            run: "click",
        },
        {
            content: "Not without words",
            trigger: ".modal div[name=answer] input",
            run: "edit It opens on Monday",
        },
        {
            trigger: ".modal button[name=action_refuse]",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.modal)):not(:has(.o_data_row:contains(Tour Shop)))",
        },
        {
            trigger: ".o_data_row:contains(Tour Salon) .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel button:contains(Approve)",
            run: "click",
        },
        { trigger: ".o_view_nocontent:contains(No excuse waits)" },
    ],
});

/** Somebody outside the account team is told so, and says whom they stand in for. */
registry.category("web_tour.tours").add("customer_care_stand_in", {
    steps: () => [
        {
            content: "Told before the report is filed",
            trigger: ".alert-warning:contains(you are not in the account team)",
        },
        {
            trigger: "div[name=stand_in_for_id] input",
            run: "edit care_rep",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(care_rep)",
            run: "click",
        },
        { trigger: "body:not(:has(.alert-warning:visible))" },
        {
            content: "What is still missing is said too",
            trigger: ".text-muted:contains(Counts once these are filled in)",
        },
        {
            trigger: "div[name=summary] textarea",
            run: "edit Serum sells well",
        },
        {
            trigger: "button[name=action_done]:contains(File Report)",
            run: "click",
        },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains(Done)" },
        { trigger: "body:not(:has(.alert-warning:visible))" },
    ],
});
