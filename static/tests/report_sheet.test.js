import { expect, test } from "@odoo/hoot";

import { startsIn } from "@customer_care/planner/planner";
import { fitted, shrinkPhoto } from "@customer_care/report_sheet/photo";

async function noisePhoto(width, height) {
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext("2d");
    const pixels = context.createImageData(width, height);
    for (let i = 0; i < pixels.data.length; i++) {
        pixels.data[i] = (i * 2654435761) >>> 24; // compresses badly, like a real photo
    }
    context.putImageData(pixels, 0, 0);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

test("the longer side of a photo has 1600 pixels, its shape stays", () => {
    expect(fitted(4000, 3000)).toEqual({ width: 1600, height: 1200 });
    expect(fitted(3000, 4000)).toEqual({ width: 1200, height: 1600 });
    expect(fitted(640, 480)).toEqual({ width: 640, height: 480 });
});

test("a large photo becomes a small JPEG", async () => {
    const large = await noisePhoto(2000, 1000);
    const small = await shrinkPhoto(large, 400);
    expect(small.type).toBe("image/jpeg");
    const image = await createImageBitmap(small);
    expect([image.width, image.height]).toEqual([400, 200]);
    expect(small.size).toBeLessThan(large.size / 5);
});

test("what is no picture is refused", async () => {
    await expect(
        shrinkPhoto(new Blob(["text"], { type: "image/png" }))
    ).rejects.toThrow();
});

test("a contact begins where there is room for all of it", () => {
    const span = { start: "2026-03-05 08:10:00", end: "2026-03-05 10:00:00" };
    expect(startsIn(span, 60).map(({ value }) => value)).toEqual([
        "2026-03-05 08:30:00",
        "2026-03-05 09:00:00",
    ]);
    expect(startsIn(span, 120)).toEqual([]);
});
