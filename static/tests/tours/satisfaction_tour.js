import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** A manager makes a campaign, looks at the preview and starts it. */
tours.add("customer_care_campaign_start", {
    steps: () => [
        {
            content: "A new campaign",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=name] input",
            run: "edit Tour campaign",
        },
        {
            content: "Half of them",
            trigger: ".o_field_widget[name=sample_mode] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(A percentage)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=sample_size] input",
            run: "edit 50",
        },
        {
            content: "Whom would it ask?",
            trigger: "button[name=action_sample].btn-primary",
            run: "click",
        },
        {
            trigger: "a[name=preview]",
            run: "click",
        },
        {
            content: "Two of four that can be asked",
            trigger: ".o_care_preview [data-part=invited]:contains(2)",
        },
        {
            trigger: ".o_care_preview [data-part=available]:contains(4)",
        },
        {
            content: "Why others are left out",
            trigger: ".o_care_preview [data-reason=no_address]:contains(1)",
        },
        {
            content: "Who they are",
            trigger: ".o_care_preview [data-reason=no_address] a",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(Tour mute)",
        },
        {
            trigger: ".o_breadcrumb .o_back_button",
            run: "click",
        },
        {
            content: "Start",
            trigger: "button[name=action_send]",
            run: "click",
        },
        {
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains(Running)",
        },
    ],
});

/** Later: the manager reads the results. */
tours.add("customer_care_campaign_results", {
    steps: () => [
        {
            trigger: ".o_data_row:contains(Tour campaign) .o_data_cell[name=name]",
            run: "click",
        },
        {
            trigger: "a[name=results]",
            run: "click",
        },
        {
            trigger: ".o_care_results [data-part=response]:contains(100)",
        },
        {
            content: "Mean of 100 and 50, on few answers",
            trigger: ".o_care_results [data-part=score]:contains(75)",
        },
        {
            trigger: ".o_care_results [data-part=few]",
        },
        {
            trigger: ".o_care_results [data-part=dimensions]:contains(Service)",
        },
        {
            trigger: ".o_care_results svg circle",
        },
        {
            content: "How results are calculated",
            trigger: ".o_care_results [data-part=method] summary",
            run: "click",
        },
        {
            trigger:
                ".o_care_results [data-part=method] dd:contains(9 or 10 out of 10)",
        },
        {
            content: "What customers wrote",
            trigger: ".o_care_results [data-part=comments]:contains(Fine)",
        },
        {
            content: "Rates by the definitions of AAPOR",
            trigger: ".o_care_results [data-part=rates] summary",
            run: "click",
        },
        {
            trigger: ".o_care_results [data-part=rates][open]:contains(RR1)",
        },
        {
            content: "Results on paper",
            trigger: "button[name=action_print_results]",
        },
        {
            content: "The answers themselves",
            trigger: "button[name=action_view_answers]",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(Highly Satisfied)",
        },
    ],
});

/** A caller: one click in the list opens the survey. */
tours.add("customer_care_call", {
    steps: () => [
        {
            trigger: ".o_data_row:contains(Tour salon) button[name=action_not_reached]",
            run: "click",
        },
        {
            content: "Tried once",
            trigger:
                ".o_data_row:contains(Tour salon) .o_data_cell[name=calls]:contains(1)",
        },
        {
            trigger: ".o_data_row:contains(Tour salon) button[name=action_call]",
            run: "click",
        },
        {
            trigger:
                ".o_data_row:contains(Tour salon) .o_data_cell[name=calls]:contains(2)",
        },
    ],
});

/** A page on which nothing has been chosen yet: the next one has come. */
const FRESH = "form:not(:has(.o_survey_selected))";
const next = {
    trigger: "button[type=submit][value=next]:not(.disabled)",
    run: "click",
};

/** The ready survey as whoever has the link fills it in, in whatever language. */
function fill(words) {
    return [
        {
            trigger: "button[type=submit][value=start]:not(.disabled)",
            run: "click",
        },
        {
            content: "All in all, the second best of five",
            trigger: ".js_question-wrapper .o_survey_choice_btn:eq(1)",
            run: "click",
        },
        next,
        {
            content: "What is expected",
            trigger: `${FRESH} .js_question-wrapper:eq(6) .o_survey_choice_btn:contains(5)`,
        },
        {
            trigger: `${FRESH} .js_question-wrapper:eq(0) .o_survey_choice_btn:eq(4)`,
            run: "click",
        },
        next,
        {
            content: "What is perceived",
            trigger: `${FRESH} .js_question-wrapper:eq(0) .o_survey_choice_btn:eq(3)`,
            run: "click",
        },
        next,
        {
            content: "Would recommend: 9",
            trigger: `${FRESH} .js_question-wrapper:eq(0) .o_survey_choice_btn:eq(9)`,
            run: "click",
        },
        {
            trigger: "textarea",
            run: `edit ${words}`,
        },
        {
            trigger: "button[type=submit][value=finish]:not(.disabled)",
            run: "click",
        },
        {
            trigger: ".modal-footer button.btn-primary",
            run: "click",
        },
        {
            trigger: ".o_survey_finished",
        },
    ];
}

tours.add("customer_care_fill_by_phone", {
    steps: () => fill("Said on the phone"),
});

/** A customer on a phone, in Chinese. */
tours.add("customer_care_fill_chinese", {
    steps: () => [
        {
            content: "Everything is in Chinese, and fits",
            trigger: "h1:contains(客户满意度)",
            run() {
                const { scrollWidth, clientWidth } = document.documentElement;
                if (scrollWidth > clientWidth) {
                    throw new Error(`wider than the phone: ${scrollWidth}`);
                }
            },
        },
        ...fill("价格再低一些"),
        {
            trigger: ".o_survey_finished:contains(谢谢)",
        },
    ],
});

const narrow = {
    content: "The page fits the phone",
    trigger: "form .btn-check:checked + label:contains(Fairly satisfied)",
    run() {
        const { scrollWidth, clientWidth } = document.documentElement;
        if (scrollWidth > clientWidth) {
            throw new Error(`wider than the phone: ${scrollWidth}`);
        }
    },
};

/** The first question, chosen in the mail, is confirmed; the next page follows. */
tours.add("customer_care_first_question", {
    steps: () => [
        narrow,
        {
            trigger: ".o_care_first button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The first page is answered",
            trigger: ".o_survey_form:contains(What you expect of a supplier)",
        },
    ],
});

/** In an anonymous campaign the choice is in the part of the link that is not sent. */
tours.add("customer_care_first_anonymous", {
    steps: () => [
        narrow,
        {
            trigger: "button:contains(Start)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_survey_form:contains(What you expect of a supplier)",
        },
    ],
});
