const LONGEST = 1600; // px
const QUALITY = 0.8;

/** Width and height of a picture whose longer side has at most so many pixels. */
export function fitted(width, height, longest = LONGEST) {
    const factor = Math.min(1, longest / Math.max(width, height));
    return { width: Math.round(width * factor), height: Math.round(height * factor) };
}

/**
 * A photo of 12 MB as a JPEG of some hundred kB. Its turn is that of the camera, and what
 * the camera wrote beside the picture, such as the place, is left out.
 *
 * @param {Blob} file
 * @returns {Promise<Blob>}
 */
export async function shrinkPhoto(file, longest = LONGEST) {
    const image = await createImageBitmap(file, { imageOrientation: "from-image" });
    const { width, height } = fitted(image.width, image.height, longest);
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext("2d");
    context.fillStyle = "#ffffff"; // JPEG knows nothing transparent
    context.fillRect(0, 0, width, height);
    context.imageSmoothingQuality = "high";
    context.drawImage(image, 0, 0, width, height);
    image.close();
    return new Promise((resolve, reject) =>
        canvas.toBlob(
            (blob) => (blob ? resolve(blob) : reject(new Error("no picture"))),
            "image/jpeg",
            QUALITY
        )
    );
}
