import { registry } from "@web/core/registry";

const open = (step) => `article[data-step=${step}][data-state=open]`;
const done = (step) => `article[data-step=${step}][data-state=done]`;

/**
 * A new administrator gets from the first page to contacts due and a running clock.
 * It looks for no words, so that it goes in every language.
 */
registry.category("web_tour.tours").add("customer_care_onboarding", {
    url: "/odoo/customer-care",
    steps: () => [
        {
            content: "Look at the own sales",
            trigger: `${open("tiers")} button[data-name=read_sales]`,
            run: "click",
        },
        {
            content: "Nearly everybody would be in one tier, and the page says so",
            trigger: `${open("tiers")} .alert-warning`,
        },
        {
            content: "Take the proposal",
            trigger: `${open("tiers")} button[data-name=propose]`,
            run: "click",
        },
        {
            content: "The warning has gone, the counts are those of the proposal",
            trigger: `${open("tiers")}:not(:has(.alert)) tr[data-tier=A] [data-name=count]:contains(/^2/)`,
        },
        {
            content: "Type another amount: counts follow",
            trigger: `${open("tiers")} tr[data-tier=A] input`,
            run: "edit 9000",
        },
        {
            trigger: `${open("tiers")} tr[data-tier=A] [data-name=count]:contains(/^1/)`,
        },
        {
            content: "In another window, the amount stays",
            trigger: `${open("tiers")} select:first`,
            run: "selectByIndex 2",
        },
        {
            trigger: `${open("tiers")} tr[data-tier=A]:has(input:value(9000)) [data-name=count]:contains(/^0/)`,
        },
        {
            trigger: `${open("tiers")} select:first`,
            run: "selectByIndex 0",
        },
        {
            trigger: `${open("tiers")} tr[data-tier=A] [data-name=count]:contains(/^1/)`,
        },
        {
            trigger: `${open("tiers")} button[data-name=use_tiers]`,
            run: "click",
        },
        {
            content: "Apply the first review",
            trigger: `${done("tiers")} ~ ${open("review")} button[data-name=apply_review]`,
            run: "click",
        },
        {
            content: "Salespeople were found on the orders",
            trigger: `${done("review")} ~ ${open("team")} button[data-name=use_team]`,
            run: "click",
        },
        {
            content: "Two people for each customer are enough",
            trigger: `${done("team")} ~ ${open("plan")} button[data-preset=pair]`,
            run: "click",
        },
        {
            content: "Watch the clock of a test complaint",
            trigger: `${done("plan")} ~ ${open("complaint")} button[data-name=test_complaint]`,
            run: "click",
        },
        {
            trigger: `${done("complaint")} button[aria-expanded=false]`,
            run: "click",
        },
        {
            trigger: `${done("complaint")} .o_care_timer, ${done("complaint")} .badge:contains(/[0-9]/)`,
        },
        {
            trigger: `${done("complaint")} button[data-name=remove_test]`,
            run: "click",
        },
        {
            trigger: `${done("complaint")}:not(:has(button[data-name=remove_test]))`,
        },
        {
            content: "Put the setup away",
            trigger: "button[data-name=dismiss]",
            run: "click",
        },
        {
            trigger: ".o_care_overview:not(:has([data-part=setup]))",
        },
        {
            content: "A figure opens what it counts",
            trigger: "button[data-entry=cards]:enabled",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row",
        },
    ],
});
