import { Component, onMounted, onWillUpdateProps } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** WeChat opens no chat from a link: the id is copied, to be pasted in its search. */
export function useLinks() {
    const notification = useService("notification");
    return async (ev) => {
        const link = ev.target.closest?.("a[data-kind=wechat]");
        if (!link) {
            return;
        }
        ev.preventDefault();
        await browser.navigator.clipboard?.writeText(link.dataset.text);
        notification.add(
            _t(
                "WeChat ID copied: %s. Paste it into WeChat's search.",
                link.dataset.text
            ),
            { type: "info" }
        );
    };
}

/** Tell the server that the brief of a customer was seen. Failing is no matter. */
export function useBriefOpened() {
    const orm = useService("orm");
    return (partnerId) =>
        orm.silent
            .call("res.partner", "care_brief_opened", [[partnerId]])
            .catch(() => {});
}

/** The brief of a customer; that it was opened before a visit is kept. */
export class Brief extends Component {
    static template = "customer_care.Brief";
    static props = { ...standardFieldProps };

    setup() {
        this.onClick = useLinks();
        const opened = useBriefOpened();
        const tell = ({ record, name }) => {
            const customer = record.data.partner_id?.id;
            if (customer && record.data[name] && customer !== this.told) {
                this.told = customer;
                opened(customer);
            }
        };
        onMounted(() => tell(this.props));
        onWillUpdateProps(tell);
    }

    get value() {
        return this.props.record.data[this.props.name];
    }
}

registry.category("fields").add("care_brief", {
    component: Brief,
    displayName: _t("Brief"),
    supportedTypes: ["html"],
});

/** Call, SMS, mail, WhatsApp and WeChat on a card, from the values of a JSON field. */
export class ContactLinks extends Component {
    static template = "customer_care.ContactLinks";
    static props = { ...standardFieldProps };

    setup() {
        this.onClick = useLinks();
    }

    get links() {
        return this.props.record.data[this.props.name] || [];
    }
}

registry.category("fields").add("care_links", {
    component: ContactLinks,
    displayName: _t("Ways to Reach"),
    supportedTypes: ["json"],
});
