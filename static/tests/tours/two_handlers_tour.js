import { queryFirst } from "@odoo/hoot-dom";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

/** What the browser of a colleague would have asked for */
const call = (model, method, args, kwargs = {}) =>
    rpc(`/web/dataset/call_kw/${model}/${method}`, { model, method, args, kwargs });

const complaintId = () => Number(window.location.pathname.split("/").pop());

async function colleague() {
    const [lin] = await call("res.users", "search_read", [[["name", "=", "Lin Xu"]]], {
        fields: ["partner_id"],
    });
    return lin;
}

async function answer(body) {
    const lin = await colleague();
    await call("care.complaint", "message_post", [[complaintId()]], {
        author_id: lin.partner_id[0],
        body,
        message_type: "comment",
        subtype_xmlid: "mail.mt_comment",
    });
}

const viewers = () => odoo.__WOWL_DEBUG__.root.env.services.care_viewers;

async function tell(state) {
    const lin = await colleague();
    viewers().onTold({
        complaint_id: complaintId(),
        user_id: lin.id,
        name: "Lin Xu",
        tab: "other",
        state,
    });
}

const dialog = ".modal:contains(Send anyway?)";
const writes = (text) => [
    {
        trigger: ".o-mail-Composer-input",
        run: `edit ${text}`,
    },
    {
        trigger: ".o-mail-Composer-send:enabled",
        run: "click",
    },
];

/** Two handlers on one complaint: seen, refused, warned. */
registry.category("web_tour.tours").add("customer_care_two_handlers", {
    steps: () => [
        {
            content: "Nobody else is here",
            trigger: ".o_form_view:not(:has(.o_care_viewer)) button[name=action_take]",
            run: () => tell("viewing"),
        },
        {
            trigger: ".o_care_viewer:contains(Lin Xu is looking at this)",
            run: () => tell("writing"),
        },
        {
            trigger: ".o_care_viewer:contains(Lin Xu is writing an answer)",
            run: () => tell("left"),
        },
        {
            content: "A colleague takes it, which this page does not know yet",
            trigger: ".o_form_view:not(:has(.o_care_viewer))",
            async run() {
                const lin = await colleague();
                const values = { user_id: lin.id };
                await call("care.complaint", "write", [[complaintId()], values]);
            },
        },
        {
            trigger: "button[name=action_take]",
            run: "click",
        },
        {
            content: "Refused, and offered",
            trigger: ".modal:contains(Lin Xu has taken complaint)",
        },
        {
            trigger: ".modal button:contains(Take Over)",
            run: "click",
        },
        {
            trigger:
                ".o_form_view:not(:has(button[name=action_take])) .o-mail-Message:contains(has taken over from Lin Xu)",
        },
        {
            trigger: ".o-mail-Chatter-sendMessage",
            run: "click",
        },
        {
            content: "The colleague answers first",
            trigger: ".o-mail-Composer-input",
            run: () => answer("I was faster"),
        },
        ...writes("Not lost"),
        {
            trigger: `${dialog}:contains(Lin Xu answered at)`,
        },
        {
            trigger: `${dialog} button:contains(Read First)`,
            run: "click",
        },
        {
            content: "It is there to be read, and what was typed too",
            trigger: ".o-mail-Message:contains(I was faster)",
            run() {
                const input = queryFirst(".o-mail-Composer-input");
                if (input.value !== "Not lost") {
                    throw new Error(`What was typed is lost: ${input.value}`);
                }
            },
        },
        {
            content: "What has been said is not said again",
            trigger: ".o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            content: "The clock shows that it is met, without a reload",
            trigger:
                ".o_form_view:has(.o-mail-Message:contains(Not lost)) .o_field_widget[name=replied_at]",
        },
        {
            trigger: ".o-mail-Chatter-sendMessage",
            run: "click",
        },
        {
            trigger: "[name=open-full-composer]",
            run: "click",
        },
        {
            trigger: ".modal .o_mail_composer_form_view .odoo-editor-editable",
            run: "editor From the full composer",
        },
        {
            trigger: ".modal .o_mail_composer_form_view",
            run: () => answer("Faster again"),
        },
        {
            trigger: ".modal button[name=action_send_mail]:enabled:visible",
            run: "click",
        },
        {
            trigger: `${dialog}:contains(Lin Xu answered at)`,
        },
        {
            trigger: `${dialog} button:contains(Read First)`,
            run: "click",
        },
        {
            trigger:
                ".modal:not(:has(button:contains(Read First))) .odoo-editor-editable:contains(From the full composer)",
        },
        {
            trigger: ".modal button[name=action_send_mail]:enabled:visible",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o-mail-Message:contains(From the full composer)",
        },
    ],
});
