export const GRID_COLOR = "#808080";

/**
 * Colour of a tier on a canvas, from its field ``color``: the one that its badges,
 * kanban cards and its colour picker show.
 */
export function tierColor(index) {
    return getComputedStyle(document.documentElement)
        .getPropertyValue(`--o-care-color-${index || 0}`)
        .trim();
}

export function textColor() {
    return getComputedStyle(document.body).color;
}

/** A colour #rrggbb with an opacity from 0 to 1. */
export function fade(color, opacity) {
    const hex = Math.round(opacity * 255).toString(16);
    return color + hex.padStart(2, "0");
}
