/** Reports that wait for the network. Each has a key made here, once: sending one again
 * gives the contact that the first time has made. */

export const VERSION = 1;
const BATCH = 20;
const BATCH_SIZE = 2_000_000; // characters

export class LoggedOut extends Error {}
export class OtherUser extends Error {}
export class Offline extends Error {}

export async function call(path, params = {}) {
    let response;
    try {
        response = await fetch(path, {
            method: "POST",
            credentials: "same-origin",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ jsonrpc: "2.0", method: "call", params }),
        });
    } catch (error) {
        throw new Offline(error.message);
    }
    const isJson = response.headers.get("Content-Type")?.includes("json");
    if (!isJson) {
        // a proxy, a portal of a hotel, or a server that restarts
        throw new Offline(response.statusText);
    }
    const { result, error } = await response.json();
    if (error?.code === 100) {
        throw new LoggedOut(error.message);
    }
    if (error) {
        throw new Error(error.data?.message || error.message);
    }
    return result;
}

export class Queue {
    constructor(store, user, send = call) {
        this.store = store;
        this.user = user;
        this.send = send;
        this.running = null;
        this.leavesPartial = false;
    }

    async waiting() {
        return (await this.store.all("outbox")).filter(
            (row) => row.state === "waiting" && !(row.partial && this.leavesPartial)
        );
    }

    /** Keep a report. What is too much for the store stays in memory, photos first.
     * @returns {"kept" | "photos" | "memory"} what is stored */
    async add(report) {
        try {
            if (!this.store.db) {
                throw new DOMException("", "QuotaExceededError");
            }
            await this.store.promote(report);
            return "kept";
        } catch {
            return this.keepInMemory(report);
        }
    }

    async keepInMemory(report) {
        let kept = "memory";
        if (this.store.db && report.photos?.length) {
            try {
                await this.store.promote({ ...report, photos: [], partial: true });
                kept = "photos";
            } catch {
                // not even the words fit
            }
        }
        this.store.remember("outbox", report);
        await this.store.delete("drafts", report.partner).catch(() => {});
        return kept;
    }

    /** Send what waits, in one tab at a time.
     * @returns {Promise<boolean>} was something sent? */
    sync() {
        this.running ||= this.exclusively(() => this.sendAll()).finally(() => {
            this.running = null;
        });
        return this.running;
    }

    exclusively(work) {
        const { locks } = navigator;
        return locks ? locks.request("care_day_sync", work) : work();
    }

    async sendAll() {
        const waiting = await this.waiting();
        waiting.sort((a, b) => a.at - b.at);
        for (const batch of batches(waiting)) {
            await this.markSent(batch);
            const results = await this.send("/care/day/sync", {
                user: this.user,
                version: VERSION,
                now: Date.now(),
                reports: batch.map((report) => payload(report)),
            });
            for (const result of results) {
                await this.settle(result);
            }
        }
        return waiting.length > 0;
    }

    /** Its answer may get lost: from here on only the server knows if it is filed. */
    async markSent(batch) {
        const fresh = batch.filter((report) => !report.sent);
        await this.store.update("outbox", fresh, { sent: true }).catch(() => {});
    }

    /** Take back a report that was not filed, to drop it or to go on with it.
     * @param {Object} [draft] what it becomes
     * @returns {Promise<boolean>} false if it may have been filed already */
    takeBack(key, draft) {
        return this.exclusively(async () => {
            const report = await this.store.get("outbox", key);
            const isSent = report?.state === "waiting" && report.sent;
            if (!report || report.state === "filed" || isSent) {
                return false;
            }
            if (draft) {
                await this.store
                    .put("drafts", draft)
                    .catch(() => this.store.remember("drafts", draft));
            }
            await this.store.delete("outbox", key);
            return true;
        });
    }

    async settle(result) {
        const report = await this.store.get("outbox", result.key);
        if (!report) {
            return;
        }
        const { state, message = "", note = "", code, id } = result;
        const settled = { ...report, state, message, note, code, contactId: id };
        if (state === "filed") {
            settled.photos = [];
        }
        try {
            await this.store.put("outbox", settled);
        } catch {
            // Sent again, it is filed once all the same.
            this.store.remember("outbox", settled);
        }
    }

    async retry(key, again = false) {
        const report = await this.store.get("outbox", key);
        const values = { state: "waiting", sent: false, again };
        await this.store.put("outbox", { ...report, ...values });
    }

    /** Filed reports of days before need not be shown any more. */
    async forgetFiled(before) {
        for (const row of await this.store.all("outbox")) {
            if (row.state === "filed" && row.at < before) {
                await this.store.delete("outbox", row.key);
            }
        }
    }
}

/** What stays on the phone */
const HERE = new Set([
    "state",
    "met",
    "message",
    "note",
    "code",
    "contactId",
    "name",
    "next_chip",
    "sent",
    "partial",
]);

function payload(report) {
    const entries = Object.entries(report).filter(([name]) => !HERE.has(name));
    return { ...Object.fromEntries(entries), state: report.met ? "done" : "not_met" };
}

export function* batches(reports) {
    let batch = [];
    let size = 0;
    for (const report of reports) {
        const length = JSON.stringify(report).length;
        if (batch.length && (batch.length >= BATCH || size + length > BATCH_SIZE)) {
            yield batch;
            batch = [];
            size = 0;
        }
        batch.push(report);
        size += length;
    }
    if (batch.length) {
        yield batch;
    }
}
