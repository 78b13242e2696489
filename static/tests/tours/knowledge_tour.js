import { registry } from "@web/core/registry";

/** From a solved complaint to an answer that customers see. */
registry.category("web_tour.tours").add("customer_care_knowledge_draft", {
    steps: () => [
        {
            trigger: ".o_form_view button[name=action_draft_knowledge]",
            run: "click",
        },
        {
            content: "Names are gone",
            trigger:
                ".o_field_widget[name=name] textarea, .o_field_widget[name=name] input",
        },
        {
            trigger: "button[name=action_review]:contains(Confirm Review)",
            run: "click",
        },
        {
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            trigger: "button[name=action_publish]",
            run: "click",
        },
        {
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "Customers see it",
            trigger: ".ribbon:contains(Public)",
        },
    ],
});

/** A customer finds it before sending a complaint. */
registry.category("web_tour.tours").add("customer_care_knowledge_portal", {
    url: "/my/complaints/new",
    steps: () => [
        {
            trigger: ".o_care_complaint_form #care_subject",
            run: "edit Our pump hums and does not start",
        },
        {
            trigger: "#care_description",
            run: "edit It hums since this morning.",
        },
        {
            trigger: "#care_wanted",
            run: "edit A new one",
        },
        {
            trigger: ".o_care_answer .o_care_question:contains(the pump hums)",
            run: "click",
        },
        {
            trigger: ".o_care_answer_text:contains(Turn the shaft by hand)",
        },
        {
            trigger: ".o_care_solved_it",
            run: "click",
        },
        {
            content: "No complaint is sent",
            trigger: ".o_care_helped:not(.d-none):contains(glad)",
        },
    ],
});

/** A handler uses what was solved before. */
registry.category("web_tour.tours").add("customer_care_knowledge_use", {
    steps: () => [
        {
            content: "The head of the form opens the page",
            trigger:
                ".o_care_similar_head button:contains(1 similar solved: Salon says)",
            run: "click",
        },
        {
            trigger: ".o_notebook_headers .nav-link.active[name=similar]",
        },
        {
            trigger: ".o_care_similar_complaint summary:contains(pump hums)",
            run: "click",
        },
        {
            trigger: ".o_care_similar_complaint[open] .o_care_use_solution",
            run: "click",
        },
        {
            trigger: ".o_notification:contains(Added to the solution)",
        },
        {
            trigger: ".o_notebook_headers .nav-link[name=case]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=solution] textarea:value(Turn the shaft)",
        },
    ],
});

/** The hotline shows it while the caller speaks. */
registry.category("web_tour.tours").add("customer_care_knowledge_hotline", {
    steps: () => [
        {
            trigger: ".o_web_client:has(.o_view_controller) .o_care_hotline_button",
            run: "click",
        },
        {
            trigger: ".o_care_hotline input:first",
            run: "edit Salon",
        },
        {
            trigger: ".o_care_caller:contains(Salon)",
            run: "click",
        },
        {
            trigger: "#o_care_subject",
            run: "edit Pump hums",
        },
        {
            trigger: ".o_care_hotline_hints .o_care_similar_complaint summary",
            run: "click",
        },
        {
            trigger: ".o_care_similar_complaint[open] .o_care_use_solution",
            run: "click",
        },
        {
            trigger: "#o_care_solution:value(Turn the shaft)",
        },
        {
            trigger: ".o_care_solved",
            run: "click",
        },
        {
            trigger: ".o_notification:contains(has been solved)",
        },
    ],
});
