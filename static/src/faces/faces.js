import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Mouth of each face as an SVG path; its colour is in the style sheet. */
const MOUTHS = {
    1: "M8 17.5 Q12 12 16 17.5",
    2: "M8 16.5 Q12 14 16 16.5",
    3: "M8 15.5 L16 15.5",
    4: "M8 14.5 Q12 17.5 16 14.5",
    5: "M7 13.5 Q12 20 17 13.5 Z",
};

/** The faces of a selection: its key, its words, its mouth */
export function faceOptions(selection) {
    return selection.map(([key, label]) => ({ key, label, mouth: MOUTHS[key] }));
}

/** Five faces for a selection from 1 (very dissatisfied) to 5 (highly satisfied). */
export class Faces extends Component {
    static template = "customer_care.Faces";
    static props = { ...standardFieldProps };

    get value() {
        return this.props.record.data[this.props.name];
    }

    get options() {
        return faceOptions(this.props.record.fields[this.props.name].selection);
    }

    get chosen() {
        return this.options.find(({ key }) => key === this.value);
    }

    /** The same face again takes it back: how the customer felt is optional. */
    choose(key) {
        this.props.record.update({
            [this.props.name]: key === this.value ? false : key,
        });
    }
}

export const faces = {
    component: Faces,
    displayName: _t("Faces"),
    supportedTypes: ["selection"],
};

registry.category("fields").add("care_faces", faces);
