import { Component, useEffect, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Who else has the complaint open, in the head of its form. */
export class Viewers extends Component {
    static template = "customer_care.Viewers";
    static props = { ...standardWidgetProps };

    setup() {
        this.service = useService("care_viewers");
        this.state = useState(this.service.state);
        useEffect(
            (id) => id && this.service.watch(id),
            () => [this.props.record.resId]
        );
    }

    /** Each person once, in how many tabs ever; those who write first */
    get viewers() {
        const people = {};
        const { others } = this.state.open[this.props.record.resId] ?? {};
        for (const { user_id, name, writing } of Object.values(others ?? {})) {
            if (writing || !people[user_id]) {
                people[user_id] = { user_id, name, writing };
            }
        }
        return Object.values(people).sort((a, b) => b.writing - a.writing);
    }

    words(viewer) {
        return viewer.writing
            ? _t("%s is writing an answer", viewer.name)
            : _t("%s is looking at this", viewer.name);
    }
}

registry.category("view_widgets").add("care_viewers", { component: Viewers });
