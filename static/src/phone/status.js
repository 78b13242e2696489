import { h } from "./dom.js";

/** The line at the top: is there a network, and what waits for it? */
export class Status {
    constructor(app) {
        this.app = app;
        this.words = app.words;
        this.element = h("div", { class: "status", role: "status" });
    }

    get net() {
        const { app, words } = this;
        return (
            {
                offline: words.offline,
                sending: words.sending,
                error: app.problem,
                login: words.login,
                other: words.other_user,
            }[app.net] || words.online
        );
    }

    render() {
        const { app, words } = this;
        const count = (state) =>
            app.reports.filter((row) => row.state === state).length;
        const waiting = count("waiting");
        const refused = count("refused");
        this.element.className = `status ${app.net}`;
        this.element.replaceChildren(
            h("span", {}, this.net),
            app.net === "login"
                ? h(
                      "a",
                      { class: "button", href: "/web/login?redirect=/care/day" },
                      words.log_in
                  )
                : "",
            h(
                "a",
                { href: "#reports", class: refused ? "refused" : "" },
                [
                    waiting && words.waiting.replace("%s", waiting),
                    refused && words.refused.replace("%s", refused),
                ]
                    .filter(Boolean)
                    .join(" · ") || words.all_sent
            )
        );
    }
}

export function say(text, kind) {
    document.querySelector(".toast")?.remove();
    const toast = h("div", { class: `toast ${kind}`, role: "alert" }, text);
    document.body.append(toast);
    setTimeout(() => toast.remove(), kind === "success" ? 2500 : 6000);
}
