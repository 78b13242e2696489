import { registry } from "@web/core/registry";

const asked = ".alert:contains(has written after closing)";

/** A mail after closing that says no more than thanks. */
registry.category("web_tour.tours").add("customer_care_only_thanks", {
    steps: () => [
        {
            content: "It is closed, and a decision is asked for",
            trigger: `.o_form_view:has(.ribbon:contains(Closed)) ${asked}`,
        },
        {
            content: "The mail is above everything else",
            trigger: ".o-mail-Message:contains(Rosa)",
        },
        {
            trigger: `${asked} button:contains(Only Thanks)`,
            run: "click",
        },
        {
            content: "Nothing has changed",
            trigger: `.o_form_view:has(.ribbon:contains(Closed)):not(:has(${asked}))`,
        },
        { trigger: ".o-mail-Message:contains(stays closed)" },
    ],
});

/** A mail after closing that is a complaint: one click reopens. */
registry.category("web_tour.tours").add("customer_care_after_closing", {
    steps: () => [
        {
            trigger: `${asked} button:contains(Reopen)`,
            run: "click",
        },
        {
            content: "It is open again",
            trigger: `.o_form_view:not(:has(${asked})):not(:has(.ribbon:contains(Closed)))`,
        },
        {
            content: "What it cleared is kept",
            trigger: ".o-mail-Message:contains(Before the complaint was reopened)",
        },
    ],
});

/** A colleague's forward that does not say whose it is. */
registry.category("web_tour.tours").add("customer_care_forwarded", {
    steps: () => [
        {
            content: "Who seems to have written it",
            trigger: ".alert:contains(Who is the customer):contains(mia@quill)",
        },
        {
            trigger: ".alert button:contains(This Is the Customer)",
            run: "click",
        },
        {
            trigger:
                ".o_form_view:not(:has(.alert:contains(Who is the customer))) .o_field_widget[name=partner_id] input:value(Mia Quill)",
        },
    ],
});

/** One click closes spam, one undoes it. */
registry.category("web_tour.tours").add("customer_care_spam", {
    steps: () => [
        {
            trigger: ".o_statusbar_buttons button:contains(Spam)",
            run: "click",
        },
        {
            content: "It is closed, not counted, and the sender is blocked",
            trigger:
                ".alert:contains(not counted in any report):contains(Further mails)",
        },
        {
            trigger: ".alert button:contains(Not Spam)",
            run: "click",
        },
        {
            content: "It goes on where it stood",
            trigger:
                ".o_form_view:not(:has(.alert:contains(not counted))) .o_statusbar_buttons button:contains(Spam)",
        },
        {
            content: "By mistake again; this time it stays",
            trigger: ".o_statusbar_buttons button:contains(Spam)",
            run: "click",
        },
        { trigger: ".alert button:contains(Not Spam)" },
    ],
});

const happened = ".o_field_widget[name=description]";

/** A forward with a picture of the mail, and one of another server. */
registry.category("web_tour.tours").add("customer_care_forwarded_picture", {
    steps: () => [
        {
            content: "The customer is who wrote the mail inside",
            trigger: ".o_field_widget[name=partner_id] input:value(Mia Quill)",
        },
        {
            content: "The picture of the mail has been loaded",
            trigger: `${happened} img[src*='/web/image/']`,
            async run() {
                await this.anchor.decode().catch(() => {
                    throw new Error("The picture is not shown");
                });
            },
        },
        {
            content: "Nothing of another server is loaded, anywhere",
            trigger: "body:not(:has(img[src*='spy.example']))",
            run() {
                const asked = performance
                    .getEntriesByType("resource")
                    .filter((entry) => entry.name.includes("spy.example"));
                if (asked.length) {
                    throw new Error("A picture of another server was loaded");
                }
            },
        },
    ],
});
