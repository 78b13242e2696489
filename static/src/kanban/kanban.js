import { registry } from "@web/core/registry";
import { KanbanHeader } from "@web/views/kanban/kanban_header";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";

const STEPS = ["stage_id", "state"];

/**
 * Records begin in the first step: what a later one requires is not in a quick form. And
 * a column that nobody can choose, such as that of a clock, takes no new record.
 */
class CareKanbanHeader extends KanbanHeader {
    canQuickCreate() {
        const { name, readonly } = this.group.groupByField;
        if (!super.canQuickCreate() || readonly) {
            return false;
        }
        return !STEPS.includes(name) || this.group === this.props.list.groups[0];
    }
}

class CareKanbanRenderer extends KanbanRenderer {
    static components = {
        ...KanbanRenderer.components,
        KanbanHeader: CareKanbanHeader,
    };
}

registry.category("views").add("care_kanban", {
    ...kanbanView,
    Renderer: CareKanbanRenderer,
});
