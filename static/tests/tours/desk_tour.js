import { registry } from "@web/core/registry";

/** Alt+Shift+P, wherever the cursor is */
const shortcut = () =>
    document.activeElement.dispatchEvent(
        new KeyboardEvent("keydown", {
            key: "P",
            code: "KeyP",
            altKey: true,
            shiftKey: true,
            bubbles: true,
        })
    );

/** An agent records what a caller says, with three keystrokes beside the words. */
registry.category("web_tour.tours").add("customer_care_hotline", {
    steps: () => [
        {
            content: "First keystroke: the hotline, from anywhere",
            trigger: ".o_web_client:has(.o_care_hotline_button) .o_list_view",
            run: shortcut,
        },
        {
            content: "The number as it is on the display",
            trigger: ".o_care_hotline input:first",
            run: "edit 0086-139 7777 1111",
        },
        {
            trigger: ".o_care_caller.active:contains(Tour Lotus)",
        },
        {
            content: "Second: this is the customer",
            trigger: ".o_care_hotline input:first",
            run: "press Enter",
        },
        {
            content: "Who is on the phone",
            trigger: ".o_care_who:contains(Tour Lotus) .badge:contains(A)",
        },
        {
            trigger: "#o_care_subject:focus",
            run: "edit Tour call one",
        },
        {
            content: "Third: recorded",
            trigger: "#o_care_subject",
            run: "press Enter",
        },
        {
            trigger: ".o_notification:contains(has been recorded)",
        },
        {
            content: "The customer calls again, from the menu bar this time",
            trigger: "body:not(:has(.o_dialog)) .o_care_hotline_button",
            run: "click",
        },
        {
            trigger: ".o_care_hotline input:first",
            run: "edit tour lotus",
        },
        {
            trigger: ".o_care_caller:contains(Tour Lotus)",
            run: "click",
        },
        {
            content: "The agent sees that a complaint is open, with an alarm",
            trigger: ".o_care_who[data-alarm=open]",
        },
        {
            trigger: ".o_care_known:contains(Tour call one)",
        },
        {
            trigger: "#o_care_subject",
            run: "edit Tour call two",
        },
        {
            trigger: ".o_care_solved:enabled",
            run: "click",
        },
        {
            trigger: ".o_notification:contains(has been solved)",
        },
    ],
});

/** A manager opens a complaint whose compensation is above the handler's limit. */
registry.category("web_tour.tours").add("customer_care_compensation", {
    steps: () => [
        {
            trigger: ".alert:contains(900):contains(awaiting approval)",
        },
        {
            trigger: "button[name=action_approve_compensation]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.alert:contains(awaiting approval)))",
        },
        {
            trigger: "a[name=money]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=compensation_state]:contains(Granted)",
        },
    ],
});
