import { registry } from "@web/core/registry";

/** A customer on a phone, in Chinese: from a new complaint to the rating. The server
 * side of the test solves it in between. */
registry.category("web_tour.tours").add("customer_care_portal_new", {
    url: "/zh_CN/my",
    steps: () => [
        {
            content: "The card of complaints, with their number",
            trigger: ".o_portal_index_card a:contains(投诉) .o_care_count:contains(1)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Their list",
            trigger: ".o_care_new:contains(新建投诉)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_care_complaint_form #care_subject",
            run: "edit 两瓶精华液破损",
        },
        {
            trigger: "#care_description",
            run: "edit 纸箱是湿的，两瓶已经碎了。",
        },
        {
            trigger: "#care_wanted",
            run: "edit 请补发两瓶",
        },
        {
            trigger: "#care_order",
            run: "selectByIndex 1",
        },
        {
            content: "Its upload is stopped, and one comes back to the page",
            trigger: ".o_care_send:contains(提交)",
            run({ anchor }) {
                const stop = (event) => event.preventDefault();
                anchor.form.addEventListener("submit", stop, { once: true });
                anchor.click();
                if (!anchor.disabled) {
                    throw new Error("A complaint could be sent twice");
                }
                window.dispatchEvent(new Event("pageshow"));
            },
        },
        {
            trigger: ".o_care_send:enabled:contains(提交)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It has arrived",
            trigger: ".o_care_done:contains(我们已收到您的投诉)",
        },
        {
            trigger: ".o_care_steps .fw-bold:contains(已收到)",
        },
        {
            content: "Messages can be written below",
            trigger: "#discussion",
        },
    ],
});

registry.category("web_tour.tours").add("customer_care_portal_rate", {
    url: "/zh_CN/my/complaints",
    steps: () => [
        {
            trigger: ".o_care_complaint:contains(两瓶精华液破损):contains(已解决)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_care_solution:contains(明天送到)",
        },
        {
            content: "First click",
            trigger: ".o_care_rate label[for=care_satisfied]:contains(满意)",
            run: "click",
        },
        {
            trigger: ".o_care_rate input[name=comment]",
            run: "edit 处理得很快",
        },
        {
            content: "Second click",
            trigger: ".o_care_rate button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_care_said:contains(满意):contains(处理得很快)",
        },
    ],
});
