const DECADES = 5;
const HEIGHT = 0.7; // of a level
const GOLDEN_RATIO = 0.618033988749895;

/**
 * Axis of amounts, of which few are large and many are small: logarithmic where the
 * largest is many times the smallest. A logarithm knows no zero, so what is below the
 * axis, and refunds, stand at its left end.
 *
 * @param {number[]} amounts
 */
export function amountAxis(amounts) {
    const positive = amounts.filter((amount) => amount > 0);
    const largest = Math.max(0, ...positive);
    const smallest = Math.min(largest, ...positive);
    if (largest < smallest * 20 || !largest) {
        const min = Math.min(0, ...amounts);
        return {
            type: "linear",
            min,
            max: largest ? undefined : 1,
            clamped: false,
            place: (amount) => amount,
            isLabelled: () => true,
        };
    }
    const top = Math.log10(largest);
    const bottom = Math.max(Math.floor(Math.log10(smallest)), Math.ceil(top) - DECADES);
    const min = 10 ** bottom;
    const steps = top - bottom > 3 ? [1] : [1, 2, 5];
    return {
        type: "logarithmic",
        min,
        max: 10 ** top * 1.5,
        clamped: amounts.some((amount) => amount < min),
        place: (amount) => Math.max(amount, min),
        isLabelled: (value) =>
            steps.includes(Math.round(value / 10 ** Math.floor(Math.log10(value)))),
    };
}

/** Where in its level a customer stands: always the same, and close ones apart. */
export function spread(id) {
    return (((id * GOLDEN_RATIO) % 1) - 0.5) * HEIGHT;
}
