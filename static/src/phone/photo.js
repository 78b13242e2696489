const LONGEST = 1280; // pixels
const QUALITY = 0.75;

/** @returns {Promise<string>} a JPEG in base64, small enough for a slow network, without
 * what the camera notes down, such as the position */
export async function shrink(file) {
    const picture = await load(file);
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const context = canvas.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close?.();
    return canvas.toDataURL("image/jpeg", QUALITY).split(",")[1];
}

async function load(file) {
    if (globalThis.createImageBitmap) {
        return createImageBitmap(file, { imageOrientation: "from-image" });
    }
    const image = new Image();
    image.src = URL.createObjectURL(file);
    await image.decode();
    URL.revokeObjectURL(image.src);
    return image;
}
