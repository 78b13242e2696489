import { describe, expect, test } from "@odoo/hoot";
import {
    amountAxis,
    spread,
} from "@customer_care/value_potential/value_potential_scale";

describe.current.tags("headless");

test("amounts that differ a lot are on a logarithmic axis, zero at its left end", () => {
    const axis = amountAxis([0, -5, 30, 2000, 45000]);
    expect(axis.type).toBe("logarithmic");
    expect([axis.min, axis.clamped]).toEqual([10, true]);
    expect([-5, 0, 30].map(axis.place)).toEqual([10, 10, 30]);
    expect(axis.max).toBeGreaterThan(45000);
});

test("the axis has five decades at most", () => {
    const axis = amountAxis([0.01, 90000]);
    expect(axis.min).toBe(1);
    expect(axis.place(0.01)).toBe(1);
});

test("similar amounts are on a linear axis, and so is nothing", () => {
    expect(amountAxis([400, 900])).toMatchObject({ type: "linear", min: 0 });
    expect(amountAxis([0])).toMatchObject({ type: "linear", min: 0, max: 1 });
    expect(amountAxis([])).toMatchObject({ type: "linear", min: 0, max: 1 });
});

test("a customer stands always at the same place of its level", () => {
    const places = [1, 2, 3, 70001].map(spread);
    expect(places).toEqual([1, 2, 3, 70001].map(spread));
    expect(new Set(places).size).toBe(4);
    expect(places.every((place) => Math.abs(place) < 0.4)).toBe(true);
});
