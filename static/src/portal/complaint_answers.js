import { Interaction } from "@web/public/interaction";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

const LEAST = 8; // characters from which it is worth asking

/** Shows answers that may help before a complaint is sent. */
export class ComplaintAnswers extends Interaction {
    static selector = ".o_care_portal:has(.o_care_answers)";
    dynamicContent = {
        "#care_subject, #care_description": { "t-on-change": this.ask },
        ".o_care_go_on": { "t-on-click": () => this.helped(false) },
    };

    setup() {
        this.place = this.el.querySelector(".o_care_answers");
        this.asked = "";
    }

    get company() {
        return Number(this.place.dataset.company) || null;
    }

    async ask() {
        const written = ["#care_subject", "#care_description"]
            .map((name) => this.el.querySelector(name).value.trim())
            .join("\n")
            .trim();
        if (written.length < LEAST || written === this.asked) {
            return;
        }
        this.asked = written;
        const { answers } = await this.waitFor(
            rpc("/complaints/answers", { text: written, company_id: this.company })
        );
        if (written === this.asked) {
            this.show(answers);
        }
    }

    /** Answers that are shown already stay as they are, opened or not. */
    show(answers) {
        const list = this.place.querySelector(".o_care_answer_list");
        const model = this.place.querySelector(".o_care_answer_row");
        list.replaceChildren(
            ...answers.map((answer) => {
                const shown = list.querySelector(`[data-id="${answer.id}"]`);
                if (shown) {
                    return shown;
                }
                const row = model.content.firstElementChild.cloneNode(true);
                row.dataset.id = answer.id;
                row.querySelector(".o_care_question").textContent = answer.question;
                const text = row.querySelector(".o_care_answer_text");
                text.textContent = answer.answer;
                text.style.whiteSpace = "pre-line";
                row.querySelector(".o_care_solved_it").addEventListener("click", () =>
                    this.solved(answer.id)
                );
                return row;
            })
        );
        this.place.classList.toggle("d-none", !answers.length);
    }

    async solved(id) {
        await this.waitFor(
            rpc("/complaints/answers/solved", {
                knowledge_id: id,
                company_id: this.company,
            })
        );
        this.helped(true);
    }

    helped(done) {
        this.el
            .querySelector(".o_care_complaint_form")
            .classList.toggle("d-none", done);
        this.el.querySelector(".o_care_helped").classList.toggle("d-none", !done);
    }
}

registry
    .category("public.interactions")
    .add("customer_care.complaint_answers", ComplaintAnswers);
