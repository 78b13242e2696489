import { Composer } from "@mail/core/common/composer";
import { useEffect } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { isHtmlEmpty } from "@web/core/utils/html";
import { patch } from "@web/core/utils/patch";

/** An answer to a complaint: the others see that it is written, and what came in
 * meanwhile is said before it is sent. */
patch(Composer.prototype, {
    setup() {
        super.setup(...arguments);
        if (this.thread?.model !== "care.complaint") {
            return;
        }
        this.careViewers = useService("care_viewers");
        this.careAsks = false;
        useEffect(
            (writes, id) => (writes ? this.careViewers.write(id) : undefined),
            () => [this.isCareAnswerBegun, this.thread?.id]
        );
    },

    get isCareAnswer() {
        return (
            this.thread?.model === "care.complaint" &&
            Boolean(this.thread.id) &&
            this.props.type === "message"
        );
    },

    get isCareAnswerBegun() {
        return (
            this.isCareAnswer &&
            (this.state.isFullComposerOpen ||
                !isHtmlEmpty(this.props.composer.composerHtml))
        );
    },

    async sendMessage() {
        if (!this.careViewers || !this.isCareAnswer || !this.canProcessMessage) {
            return super.sendMessage(...arguments);
        }
        if (this.careAsks) {
            return;
        }
        this.careAsks = true;
        const { id } = this.thread;
        let send = false;
        try {
            send = await this.careViewers.mayReply(id);
        } finally {
            this.careAsks = false;
        }
        if (!send) {
            await this.thread?.fetchNewMessages();
        } else if (this.thread?.id === id) {
            await super.sendMessage(...arguments);
        }
    },
});
