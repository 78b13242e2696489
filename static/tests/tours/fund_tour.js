import { registry } from "@web/core/registry";
import { inputFiles } from "@web/../tests/utils";

/** A member proposes a spending, votes, adds the receipt, and spends it. */
registry.category("web_tour.tours").add("customer_care_fund", {
    steps: () => [
        {
            trigger: "button:contains(Propose a Spending)",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=name] input, .o_field_widget[name=name] textarea",
            run: "edit Dinner of the team",
        },
        {
            trigger: ".o_field_widget[name=amount] input",
            run: "edit 60",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Vote",
            trigger: "button[name=action_agree]",
            run: "click",
        },
        {
            content: "It is agreed by the only member; add the receipt",
            trigger: ".o_arrow_button_current:contains(Agreed)",
        },
        {
            trigger: ".o_field_widget[name=receipt] input[type=file]:not(:visible)",
            async run() {
                const file = new File(["receipt"], "receipt.txt", {
                    type: "text/plain",
                });
                await inputFiles(".o_field_widget[name=receipt] input[type=file]", [
                    file,
                ]);
            },
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: "button[name=action_spend]",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains(Spent)",
        },
    ],
});
