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
