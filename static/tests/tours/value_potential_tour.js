/* global Chart */

import { registry } from "@web/core/registry";

/** Click where the chart has the point of a customer. */
function clickPoint(canvas, name, pointerType) {
    const chart = Chart.getChart(canvas);
    for (const [place, { data }] of chart.data.datasets.entries()) {
        const index = data.findIndex(({ point }) => point.name === name);
        if (index >= 0 && chart.isDatasetVisible(place)) {
            const { x, y } = chart.getDatasetMeta(place).data[index];
            const box = canvas.getBoundingClientRect();
            const clientX = box.left + x;
            const clientY = box.top + y;
            canvas.dispatchEvent(
                new PointerEvent("click", {
                    clientX,
                    clientY,
                    pointerType,
                    bubbles: true,
                })
            );
            return;
        }
    }
    throw new Error(`The chart has no point for ${name}`);
}

const starIsOpen = {
    content: "The customer is open",
    trigger: ".o_form_view .o_field_widget[name='name']",
    run({ anchor }) {
        const name = anchor.querySelector("input, textarea").value;
        if (name !== "Tour Star") {
            throw new Error(`${name} was opened`);
        }
    },
};

/** A manager looks for customers that could buy more, and opens one of them. */
registry.category("web_tour.tours").add("customer_care_value_potential", {
    steps: () => [
        {
            content: "Each tier has its number of customers",
            trigger: ".o_care_value button[data-tier='C']:contains(2)",
        },
        {
            content: "A list has the same customers",
            trigger: ".o_cp_switch_buttons .o_switch_view.o_list",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(Tour Star) .o_field_badge:contains(C)",
        },
        {
            trigger: ".o_cp_switch_buttons .o_switch_view.o_graph",
            run: "click",
        },
        {
            content: "Hide those of tier A",
            trigger: ".o_care_value button[data-tier='A'][aria-pressed='true']",
            run: "click",
        },
        {
            trigger: ".o_care_value button[data-tier='A'][aria-pressed='false']",
        },
        {
            content: "Only tier C, by the panel",
            trigger:
                ".o_search_panel_filter_value:contains(C · Tier C) input[type='checkbox']",
            run: "click",
        },
        {
            trigger: ".o_care_value:not(:has(button[data-tier='A']))",
        },
        {
            content: "Click the point of a customer",
            trigger: ".o_care_value canvas",
            run: ({ anchor }) => clickPoint(anchor, "Tour Star", "mouse"),
        },
        starIsOpen,
    ],
});

/** On a phone the first touch tells who it is, and the second opens the customer. */
registry.category("web_tour.tours").add("customer_care_value_potential_phone", {
    steps: () => [
        {
            trigger: ".o_care_value canvas",
            run: ({ anchor }) => clickPoint(anchor, "Tour Star", "touch"),
        },
        {
            content: "Still there",
            trigger: ".o_care_value canvas",
            run: ({ anchor }) => clickPoint(anchor, "Tour Star", "touch"),
        },
        starIsOpen,
    ],
});

/** Without tiers the page says what to do. */
registry.category("web_tour.tours").add("customer_care_value_potential_empty", {
    steps: () => [
        {
            trigger: ".o_view_nocontent:contains(Compute and apply a tier review)",
        },
    ],
});
