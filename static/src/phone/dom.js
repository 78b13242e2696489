/** An element: attributes, listeners (`onclick`), children; texts are never HTML. */
export function h(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (value === false || value === null || value === undefined) {
            continue;
        }
        if (name.startsWith("on") || name === "value") {
            element[name] = value;
        } else {
            element.setAttribute(name, value === true ? "" : value);
        }
    }
    element.append(...children.flat().filter((child) => child || child === 0));
    return element;
}

const SVG = "http://www.w3.org/2000/svg";

function svg(tag, attributes, ...children) {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) {
        element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
}

const COLORS = ["#d9434f", "#ee8a3c", "#e3b505", "#7bb661", "#2f9e5b"];
const MOUTHS = [
    "M8 22 Q16 14 24 22",
    "M9 21 Q16 17 23 21",
    "M9 20 L23 20",
    "M9 19 Q16 23 23 19",
    "M8 18 Q16 27 24 18",
];

/** One of five faces, by its key "1" to "5" */
export function face(key) {
    const place = Number(key) - 1;
    return svg(
        "svg",
        { viewBox: "0 0 32 32", class: "face", "aria-hidden": "true" },
        svg("circle", { cx: 16, cy: 16, r: 15, fill: COLORS[place] }),
        svg("circle", { cx: 11, cy: 12, r: 2, fill: "#fff" }),
        svg("circle", { cx: 21, cy: 12, r: 2, fill: "#fff" }),
        svg("path", {
            d: MOUTHS[place],
            fill: "none",
            stroke: "#fff",
            "stroke-width": 2.4,
            "stroke-linecap": "round",
        })
    );
}

/** Outlines on a grid of 24 */
const ICONS = {
    call: "M6 3h3l2 5-2.5 1.5a12 12 0 0 0 6 6L16 13l5 2v3a3 3 0 0 1-3 3A15 15 0 0 1 3 6a3 3 0 0 1 3-3z",
    camera: "M4 7h3l2-3h6l2 3h3v13H4zM12 10a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z",
    here: "M12 2a7 7 0 0 1 7 7c0 5-7 13-7 13S5 14 5 9a7 7 0 0 1 7-7zM12 6.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
    mail: "M3 5h18v14H3zM3 6l9 7 9-7",
    map: "M3 6l6-3 6 3 6-3v15l-6 3-6-3-6 3zM9 3v15M15 6v15",
    sms: "M4 4h16v12H9l-5 4z",
};

export function icon(name) {
    return svg(
        "svg",
        { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" },
        svg("path", {
            d: ICONS[name],
            fill: "none",
            stroke: "currentColor",
            "stroke-width": 2,
            "stroke-linejoin": "round",
        })
    );
}

/** The tier of a customer */
export function tier(brief) {
    return brief.tier
        ? h(
              "span",
              { class: `tier color${brief.color}`, title: brief.tier_name },
              brief.tier
          )
        : "";
}
