import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/** A rep records an absence from the list of contacts due. */
registry.category("web_tour.tours").add("customer_care_absence_record", {
    steps: () => [
        { trigger: ".o_kanban_record:contains(Tour Salon)" },
        {
            content: "My absences are one click away",
            trigger: ".o_control_panel button:contains(My Absences)",
            run: "click",
        },
        {
            content: "An empty list says what to do",
            trigger: ".o_view_nocontent:contains(Nobody is away)",
        },
        { trigger: ".o_list_button_add", run: "click" },
        {
            content: "Who stands in",
            trigger: "div[name=stand_in_id] input",
            run: "edit Mate",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Mate Miller)",
            run: "click",
        },
        ...stepUtils.saveForm(),
        {
            content: "Back to my contacts, of which none is left",
            trigger: ".breadcrumb-item a:contains(My Contacts), .o_back_button",
            run: "click",
        },
    ],
});

/** The stand-in sees the contact and for whom. */
registry.category("web_tour.tours").add("customer_care_absence_stand_in", {
    steps: () => [
        {
            content: "The contact of the person who is away, marked",
            trigger: ".o_kanban_record:contains(Tour Salon):contains(for Anna Adams)",
            run: "click",
        },
        {
            content: "The card of the customer can be read, and the visit reported",
            trigger: "div[name=stand_in_note]:contains(away until)",
        },
        {
            trigger: "button[name=action_report]:contains(Start Visit)",
            run: "click",
        },
        { trigger: ".o_care_check_in" },
        {
            trigger:
                ".o_form_view div[name=partner_id]:contains(Tour Salon), .o_form_view div[name=partner_id] input",
        },
    ],
});
