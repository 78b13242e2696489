import { MailComposerFormController } from "@mail/chatter/web/mail_composer_form";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";

/** The full composer says what came in meanwhile, as the chatter does. */
patch(MailComposerFormController.prototype, {
    setup() {
        super.setup(...arguments);
        this.careViewers = useService("care_viewers");
    },

    async beforeExecuteActionButton({ name }) {
        const id = name === "action_send_mail" && this.careComplaintId;
        if (id && !(await this.careViewers.mayReply(id))) {
            return false;
        }
        return super.beforeExecuteActionButton(...arguments);
    },

    /** The complaint that is answered, if it is one */
    get careComplaintId() {
        const { composition_mode, model, res_ids, subtype_is_log } =
            this.model.root.data;
        if (
            model !== "care.complaint" ||
            composition_mode !== "comment" ||
            subtype_is_log
        ) {
            return false;
        }
        const ids = JSON.parse(res_ids || "[]");
        return ids.length === 1 && ids[0];
    },
});
