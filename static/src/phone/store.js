/** What the browser keeps, of one user at a time. Without a store (private window), and
 * for what does not fit into it, everything is kept in memory. */

const NAME = "care_day";
const STORES = { meta: "name", outbox: "key", drafts: "customer", sealed: "id" };
const PAGES = "care-day-page";
/** Kept by the browser until the user, who has tapped Log Out, is logged out */
export const LEAVING = "care_day_leaving";

export class Store {
    constructor(db) {
        this.db = db;
        this.memory = new Map(Object.keys(STORES).map((name) => [name, new Map()]));
    }

    static open() {
        return new Promise((resolve) => {
            let request;
            try {
                request = indexedDB.open(NAME, 1);
            } catch {
                return resolve(new Store(null));
            }
            request.onupgradeneeded = () => {
                for (const [name, keyPath] of Object.entries(STORES)) {
                    request.result.createObjectStore(name, {
                        keyPath,
                        autoIncrement: name === "sealed",
                    });
                }
            };
            request.onsuccess = () => resolve(new Store(request.result));
            request.onerror = () => resolve(new Store(null));
            request.onblocked = () => resolve(new Store(null));
        });
    }

    /** Run `work` in one transaction: all of it is stored, or nothing. */
    transact(names, mode, work) {
        return new Promise((resolve, reject) => {
            const transaction = this.db.transaction(names, mode, {
                durability: "strict",
            });
            let result;
            transaction.oncomplete = () => resolve(result?.result);
            transaction.onabort = () => reject(transaction.error);
            transaction.onerror = () => reject(transaction.error);
            try {
                result = work((name) => transaction.objectStore(name));
            } catch (error) {
                transaction.abort();
                reject(error);
            }
        });
    }

    async get(name, key) {
        const kept = this.memory.get(name).get(key);
        if (kept || !this.db) {
            return kept;
        }
        return this.transact([name], "readonly", (store) => store(name).get(key));
    }

    /** Of each record, what is kept in memory comes before what is stored. */
    async all(name) {
        const memory = this.memory.get(name);
        const stored = this.db
            ? await this.transact([name], "readonly", (store) => store(name).getAll())
            : [];
        const path = STORES[name];
        return [...stored.filter((row) => !memory.has(row[path])), ...memory.values()];
    }

    async put(name, record) {
        if (!this.db) {
            return this.remember(name, record);
        }
        await this.transact([name], "readwrite", (store) => store(name).put(record));
        this.memory.get(name).delete(record[STORES[name]]);
    }

    /** Change records in one transaction; those in memory are changed there. */
    async update(name, records, values) {
        const memory = this.memory.get(name);
        records.forEach((record) => Object.assign(record, values));
        const stored = records.filter((record) => !memory.has(record[STORES[name]]));
        if (this.db && stored.length) {
            await this.transact([name], "readwrite", (store) => {
                stored.forEach((record) => store(name).put(record));
            });
        }
    }

    remember(name, record) {
        this.memory.get(name).set(record[STORES[name]], record);
    }

    async delete(name, key) {
        this.memory.get(name).delete(key);
        if (this.db) {
            await this.transact([name], "readwrite", (store) =>
                store(name).delete(key)
            );
        }
    }

    /** A draft becomes a report that waits, or stays a draft. */
    async promote(report) {
        await this.transact(["outbox", "drafts"], "readwrite", (store) => {
            store("outbox").put(report);
            store("drafts").delete(report.partner);
        });
        this.memory.get("drafts").delete(report.partner);
        this.memory.get("outbox").delete(report.key);
    }

    close() {
        this.db?.close();
    }

    /** Is something kept in memory only? */
    get isVolatile() {
        return this.memory.get("outbox").size > 0;
    }

    // ------------------------------------------------------------
    // One user at a time
    // ------------------------------------------------------------

    async owner() {
        const day = await this.get("meta", "day");
        return (await this.get("meta", "user"))?.value || day?.value.user;
    }

    async take(user) {
        const owner = await this.owner();
        if (owner && owner !== user) {
            await this.wipe();
        }
        await this.put("meta", { name: "user", value: user });
    }

    /** Forget everything. Reports and drafts that were not sent stay, encrypted with a
     * key that the server gives to their user only. */
    async wipe() {
        const owner = await this.owner();
        const key = (await this.get("meta", "day"))?.value.seal;
        const outbox = (await this.all("outbox")).filter(
            (row) => row.state !== "filed"
        );
        const drafts = await this.all("drafts");
        let sealed;
        if (
            owner &&
            key &&
            outbox.length + drafts.length &&
            globalThis.crypto?.subtle
        ) {
            sealed = { user: owner, ...(await seal(key, { outbox, drafts })) };
        }
        for (const rows of this.memory.values()) {
            rows.clear();
        }
        if (this.db) {
            await this.transact(Object.keys(STORES), "readwrite", (store) => {
                store("meta").clear();
                store("outbox").clear();
                store("drafts").clear();
                if (sealed) {
                    store("sealed").put(sealed);
                }
            });
        }
        await globalThis.caches?.delete(PAGES);
    }

    /** Take back what was sealed when the user was last here. */
    async unseal(user, key) {
        if (!this.db || !globalThis.crypto?.subtle) {
            return;
        }
        const all = await this.all("sealed");
        for (const row of all.filter((sealed) => sealed.user === user)) {
            const { outbox, drafts } = await open(key, row);
            await this.transact(
                ["outbox", "drafts", "sealed"],
                "readwrite",
                (store) => {
                    outbox.forEach((report) => store("outbox").put(report));
                    drafts.forEach((draft) => store("drafts").put(draft));
                    store("sealed").delete(row.id);
                }
            );
        }
    }
}

const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const importKey = (key, use) =>
    crypto.subtle.importKey("raw", bytes(key), "AES-GCM", false, [use]);

async function seal(key, values) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const data = await crypto.subtle.encrypt(
        { name: "AES-GCM", iv },
        await importKey(key, "encrypt"),
        new TextEncoder().encode(JSON.stringify(values))
    );
    return { iv, data };
}

async function open(key, { iv, data }) {
    const plain = await crypto.subtle.decrypt(
        { name: "AES-GCM", iv },
        await importKey(key, "decrypt"),
        data
    );
    return JSON.parse(new TextDecoder().decode(plain));
}
