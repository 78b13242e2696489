import { Component, useState } from "@odoo/owl";
import { formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { currentPosition } from "../report_sheet/position";

const { DateTime } = luxon;

/** Note where and when a visit began. The position is optional: the browser asks, and who
 * refuses files the report without it. */
export class CheckIn extends Component {
    static template = "customer_care.CheckIn";
    static props = { ...standardWidgetProps };

    setup() {
        this.notification = useService("notification");
        this.state = useState({ waiting: false });
    }

    get data() {
        return this.props.record.data;
    }

    get hasPosition() {
        return Boolean(this.data.latitude || this.data.longitude);
    }

    get time() {
        return formatDateTime(this.data.checked_in_at);
    }

    get mapUrl() {
        const { latitude, longitude } = this.data;
        return `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`;
    }

    async checkIn() {
        const { record } = this.props; // the form may show another one meanwhile
        this.state.waiting = true;
        const values = { checked_in_at: DateTime.now() };
        try {
            const { coords } = await currentPosition();
            values.latitude = coords.latitude;
            values.longitude = coords.longitude;
        } catch (error) {
            this.notification.add(this.explain(error), { type: "warning" });
        }
        await record.update(values);
        this.state.waiting = false;
    }

    /** The codes are those of the browser's GeolocationPositionError. */
    explain({ code }) {
        if (code === 1) {
            return _t(
                "Your browser does not share your location. You are checked in without it. To record it, allow location access for this site in your browser."
            );
        }
        if (code === 3) {
            return _t(
                "Your location could not be found in time. You are checked in without it."
            );
        }
        return _t("Your location is not available. You are checked in without it.");
    }
}

export const checkIn = {
    component: CheckIn,
    fieldDependencies: [
        { name: "latitude", type: "float", readonly: false },
        { name: "longitude", type: "float", readonly: false },
        { name: "checked_in_at", type: "datetime", readonly: false },
    ],
};

registry.category("view_widgets").add("care_check_in", checkIn);
