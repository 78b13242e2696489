/* global Chart */

import { registry } from "@web/core/registry";

/** Click on the bar at a place, from 0. */
function clickBar(canvas, place) {
    const chart = Chart.getChart(canvas);
    const meta = chart
        .getSortedVisibleDatasetMetas()
        .find(({ type }) => type === "bar");
    const box = canvas.getBoundingClientRect();
    canvas.dispatchEvent(
        new PointerEvent("click", {
            clientX: box.left + meta.data[place].x,
            clientY: box.top + chart.chartArea.bottom - 2,
            bubbles: true,
        })
    );
}

/** The form of a record, which the user may edit or not. */
function isOpen(name) {
    return {
        trigger: ".o_form_view .o_field_widget[name='name']",
        run({ anchor }) {
            const input = anchor.querySelector("input, textarea");
            const found = input ? input.value : anchor.textContent;
            if (found !== name) {
                throw new Error(`${found} was opened`);
            }
        },
    };
}

/** A manager sees who makes most of the sales, and opens the customer of a bar. */
registry.category("web_tour.tours").add("customer_care_review_pareto", {
    steps: () => [
        {
            trigger: "button[name='action_open_pareto']",
            run: "click",
        },
        {
            content: "Each tier has its customers and their share",
            trigger: ".o_care_pareto li[data-tier='A']:contains(1 customers, 75 %)",
        },
        {
            content: "The second largest",
            trigger: ".o_care_pareto canvas",
            run: ({ anchor }) => clickBar(anchor, 1),
        },
        isOpen("Tour Main"),
    ],
});

/** A manager sees which products make most of the sales, and opens one. */
registry.category("web_tour.tours").add("customer_care_product_pareto", {
    steps: () => [
        {
            content: "The answer first",
            trigger:
                ".o_care_pareto_answer:contains(1 of 2 products make 90 % of sales)",
        },
        {
            trigger: ".o_care_pareto canvas",
            run: ({ anchor }) => clickBar(anchor, 1),
        },
        isOpen("Tour Mask"),
    ],
});
