import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { HotlineDialog } from "./hotline";

const ADDRESS = "care_hotline"; // ?care_hotline=<number> opens the hotline

/**
 * A ringing telephone opens the hotline with the caller. Whoever has it open already, for
 * another caller, is only told.
 */
export class CallService {
    constructor(env, { bus_service, dialog, notification }) {
        Object.assign(this, { dialog, notification });
        this.open = 0;
        this.known = new Set();
        this.notices = new Map();
        bus_service.subscribe("customer_care.call", (call) => this.onCall(call));
        const number = new URL(browser.location.href).searchParams.get(ADDRESS);
        if (number !== null) {
            // The first page closes all dialogs when it opens.
            env.bus.addEventListener(
                "ACTION_MANAGER:UI-UPDATED",
                () => this.show({ number }),
                { once: true }
            );
        }
    }

    onCall({ call_id, number, state }) {
        if (state !== "ringing") {
            this.notices.get(call_id)?.();
            this.notices.delete(call_id);
            return;
        }
        if (this.known.has(call_id)) {
            return;
        }
        this.known.add(call_id);
        if (this.open) {
            this.notify({ call_id, number });
        } else {
            this.show({ call_id, number });
        }
    }

    notify({ call_id, number }) {
        const close = this.notification.add(number || _t("Number withheld"), {
            title: _t("The telephone rings"),
            type: "info",
            sticky: true,
            buttons: [
                {
                    name: _t("Hotline"),
                    onClick: () => {
                        close();
                        this.show({ call_id, number });
                    },
                },
            ],
        });
        this.notices.set(call_id, close);
    }

    /** All hotlines open here, so that a call does not cover one. */
    show({ call_id, number } = {}) {
        this.open++;
        this.dialog.add(
            HotlineDialog,
            { number: number || "", ...(call_id ? { callId: call_id } : {}) },
            { onClose: () => this.open-- }
        );
    }
}

export const callService = {
    dependencies: ["bus_service", "dialog", "notification"],
    start: (env, services) => new CallService(env, services),
};

registry.category("services").add("customer_care.call", callService);
