import { registry } from "@web/core/registry";

const CARD = ".o_kanban_record:contains(Tour Salon):contains(Visit)";

/** A picture as a camera gives it, larger than anybody wants to send. */
async function takePhoto(input, name) {
    const canvas = document.createElement("canvas");
    canvas.width = 3000;
    canvas.height = 2000;
    canvas.getContext("2d").fillRect(10, 10, 2000, 1000);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    const files = new DataTransfer();
    files.items.add(new File([blob], name, { type: "image/png" }));
    input.files = files.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

function seen(element) {
    const { top, bottom } = element.getBoundingClientRect();
    return top >= 0 && bottom <= window.innerHeight;
}

/** Four taps and a line: Report, a face, the next appointment, the line, File. */
registry.category("web_tour.tours").add("customer_care_report_sheet", {
    steps: () => [
        {
            content: "Tap 1: Report",
            trigger: `${CARD} button[name=action_report_sheet]`,
            run: "click",
        },
        {
            content: "Tap 2: how it was; File is in reach of the thumb from the start",
            trigger: ".o_care_sheet .o_care_faces button[title='Highly satisfied']",
            run({ anchor }) {
                const button = document.querySelector(".o_care_sheet_file");
                if (!seen(button)) {
                    throw new Error("File is not on the screen");
                }
                anchor.click();
            },
        },
        { trigger: ".o_care_sheet_face:contains(Highly satisfied)" },
        {
            content: "Tap 3: when it is due again",
            trigger: ".o_care_sheet_chips button[data-chip=week]",
            run: "click",
        },
        {
            content: "The line",
            trigger: ".o_care_sheet_summary",
            run: "edit Serum sells well",
        },
        {
            content: "A full report is one screen of scrolling",
            trigger: ".o_care_sheet .modal-body",
            run({ anchor }) {
                if (anchor.scrollHeight > 2 * anchor.clientHeight) {
                    throw new Error(
                        `${anchor.scrollHeight} pixels in ${anchor.clientHeight}`
                    );
                }
                if (anchor.scrollWidth > anchor.clientWidth) {
                    throw new Error("The sheet is wider than the phone");
                }
            },
        },
        {
            content: "Tap 4: File, with a nervous finger",
            trigger: ".o_care_sheet_file",
            run({ anchor }) {
                anchor.click();
                anchor.click();
            },
        },
        { trigger: ".o_care_sheet_filed:contains(Report filed)" },
        {
            content: "The next customer",
            trigger: ".o_care_sheet_next:contains(Tour Spa)",
            run: "click",
        },
        { trigger: ".o_care_sheet .modal-title:contains(Tour Spa)" },
        {
            content: "The brief above the report",
            trigger: ".o_care_sheet_brief",
            run: "click",
        },
        { trigger: ".o_care_sheet .o_care_brief" },
        {
            trigger: ".o_care_sheet_photo",
            async run() {
                const input = document.querySelector(".o_care_sheet input[type=file]");
                await takePhoto(input, "shelf.png");
            },
        },
        { trigger: ".o_care_sheet_photos img" },
        {
            trigger: ".o_care_sheet_photo",
            async run() {
                const input = document.querySelector(".o_care_sheet input[type=file]");
                await takePhoto(input, "card.png");
            },
        },
        {
            content: "The second shows a business card",
            trigger: ".o_care_sheet_photos > :nth-child(2) .o_care_sheet_card",
            run: "click",
        },
        {
            content: "Whose it is",
            trigger: ".o_care_sheet_person_name",
            run: "edit Mr. Card",
        },
        {
            trigger: ".o_care_sheet_promise",
            run: "edit Price list",
        },
        {
            trigger: ".o_care_sheet_summary",
            run: "edit Opens a second shop",
        },
        {
            trigger: ".o_care_sheet_file",
            run: "click",
        },
        { trigger: ".o_care_sheet_filed" },
        {
            trigger: ".o_care_sheet_close",
            run: "click",
        },
        {
            content: "The cards are gone from the list",
            trigger:
                "body:not(:has(.modal)):not(:has(.o_kanban_record:contains(Tour Spa):contains(Visit)))",
        },
    ],
});

/** Plan from the phone: choose a contact, tap a free time. */
registry.category("web_tour.tours").add("customer_care_planner", {
    steps: () => [
        {
            trigger: ".o_control_panel button:contains(/^Plan$/)",
            run: "click",
        },
        {
            trigger: ".o_care_planner_due button:contains(Tour Spa)",
            run: "click",
        },
        {
            content: "A day with free time",
            trigger: ".o_care_planner_start:visible",
            run: "click",
        },
        { trigger: ".o_care_planner_contact:contains(Tour Spa)" },
        {
            trigger: ".o_care_planner .modal-footer button:contains(Done)",
            run: "click",
        },
        { trigger: "body:not(:has(.modal))" },
        { trigger: ".o_kanban_record:contains(Tour Spa) .fa-calendar-check-o" },
    ],
});
