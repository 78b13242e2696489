import { reactive } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";

const MODEL = "care.complaint";
const SECOND = 1000;
/** How often somebody who is not alone says that they are still there. */
const REPEAT = 30 * SECOND;
/** Whoever has been silent for so long has closed the browser. Browsers let a hidden
 * tab speak once a minute. */
const SILENT = 75 * SECOND;

const { DateTime } = luxon;

/** Who has written, and when: today the time alone */
export function sentence({ name, date, colleague }) {
    const moment = deserializeDateTime(date);
    const today = moment.hasSame(DateTime.now(), "day");
    const time = moment.toLocaleString(
        today ? DateTime.TIME_SIMPLE : DateTime.DATETIME_MED
    );
    return colleague
        ? _t("%(name)s answered at %(time)s.", { name, time })
        : _t("%(name)s wrote at %(time)s.", { name, time });
}

/**
 * Who else has the same complaints open. Each browser tab tells the others over the
 * bus, when it opens a complaint, writes, or leaves; alone, it is quiet.
 */
export class ComplaintViewers {
    constructor({ bus_service, dialog, orm }) {
        this.bus = bus_service;
        this.dialog = dialog;
        this.orm = orm;
        this.tab = Math.random().toString(36).slice(2);
        this.interval = null;
        this.newest = new Map();
        this.state = reactive({ open: {} });
        this.bus.subscribe("customer_care.viewer", (told) => this.onTold(told));
        this.bus.addEventListener("BUS:RECONNECT", () => this.announceAll(true));
        window.addEventListener("pagehide", () => this.leaveAll());
        window.addEventListener("pageshow", ({ persisted }) => {
            if (persisted) {
                this.announceAll(true);
            }
        });
    }

    /**
     * The user has opened a complaint.
     *
     * @param {number} id
     * @returns {Function} the user has left it
     */
    watch(id) {
        if (!this.state.open[id]) {
            this.state.open[id] = { count: 0, writing: 0, others: {} };
        }
        const file = this.state.open[id];
        if (!file.count++) {
            this.bus.addChannel(`care_complaint_viewers-${id}`);
            this.newest.set(id, this.announce(id, "viewing", true));
            this.interval ??= setInterval(() => this.repeat(), REPEAT);
        }
        return () => this.leave(id);
    }

    leave(id) {
        const file = this.state.open[id];
        if (--file.count) {
            return;
        }
        delete this.state.open[id];
        this.newest.delete(id);
        this.bus.deleteChannel(`care_complaint_viewers-${id}`);
        this.announce(id, "left");
        if (!Object.keys(this.state.open).length) {
            clearInterval(this.interval);
            this.interval = null;
        }
    }

    /** The page is closed: nothing can be awaited any more. */
    leaveAll() {
        for (const id of Object.keys(this.state.open)) {
            const params = {
                model: MODEL,
                method: "announce_viewer",
                args: [[Number(id)], "left", this.tab],
                kwargs: {},
            };
            navigator.sendBeacon(
                `/web/dataset/call_kw/${MODEL}/announce_viewer`,
                new Blob([JSON.stringify({ jsonrpc: "2.0", method: "call", params })], {
                    type: "application/json",
                })
            );
        }
    }

    /**
     * The user has begun to write an answer.
     *
     * @param {number} id
     * @returns {Function} the user has stopped
     */
    write(id) {
        const file = this.state.open[id];
        if (!file) {
            return () => {};
        }
        if (!file.writing++) {
            this.announce(id);
        }
        return () => {
            if (!--file.writing && this.state.open[id]) {
                this.announce(id);
            }
        };
    }

    /** @returns {Promise<number|null>} id of the newest message */
    async announce(id, state, asks = false) {
        const file = this.state.open[id];
        state ??= file?.writing ? "writing" : "viewing";
        try {
            return await this.orm.silent.call(MODEL, "announce_viewer", [
                [id],
                state,
                this.tab,
                asks,
            ]);
        } catch {
            // Offline, or the user may not read the complaint any more.
            if (file) {
                file.others = {};
            }
            return null;
        }
    }

    announceAll(asks = false) {
        for (const id of Object.keys(this.state.open)) {
            this.announce(Number(id), undefined, asks);
        }
    }

    repeat() {
        const now = Date.now();
        for (const [id, file] of Object.entries(this.state.open)) {
            for (const [tab, other] of Object.entries(file.others)) {
                if (now - other.seen > SILENT) {
                    delete file.others[tab];
                }
            }
            if (Object.keys(file.others).length) {
                this.announce(Number(id));
            }
        }
    }

    onTold({ complaint_id, user_id, name, state, tab, asks }) {
        const file = this.state.open[complaint_id];
        if (!file || user_id === user.userId) {
            return;
        }
        if (state === "left") {
            delete file.others[tab];
            return;
        }
        const writing = state === "writing";
        file.others[tab] = { user_id, name, writing, seen: Date.now() };
        if (asks) {
            this.announce(complaint_id);
        }
    }

    /**
     * Has nothing come in since the complaint was opened, or does the user want to send
     * a reply nevertheless?
     *
     * @param {number} id
     * @returns {Promise<boolean>}
     */
    async mayReply(id) {
        const since = await this.newest.get(id);
        if (since === undefined || since === null) {
            return true;
        }
        const news = await this.orm.call(MODEL, "news_since", [[id], since]);
        if (!news) {
            return true;
        }
        this.newest.set(id, news.id);
        return new Promise((resolve) => {
            this.dialog.add(
                ConfirmationDialog,
                {
                    title: _t("Send anyway?"),
                    body: news.latest.map(sentence).join("\n"),
                    confirmLabel: _t("Send Anyway"),
                    confirm: () => resolve(true),
                    cancelLabel: _t("Read First"),
                    cancel: () => resolve(false),
                },
                { onClose: () => resolve(false) }
            );
        });
    }
}

registry.category("services").add("care_viewers", {
    dependencies: ["bus_service", "dialog", "orm"],
    start: (env, services) => new ComplaintViewers(services),
});
