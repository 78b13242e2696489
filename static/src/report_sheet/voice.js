import { user } from "@web/core/user";

/** Typing by voice, where the browser can do it. */
export function recognizer(onText, onEnd) {
    const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;
    if (!Recognition) {
        return null;
    }
    const recognition = new Recognition();
    recognition.lang = user.lang || "en-US";
    recognition.onresult = ({ results, resultIndex }) => {
        for (const result of [...results].slice(resultIndex)) {
            if (result.isFinal) {
                onText(result[0].transcript.trim());
            }
        }
    };
    recognition.onend = onEnd;
    recognition.onerror = onEnd;
    return recognition;
}

export function canListen() {
    return Boolean(window.SpeechRecognition || window.webkitSpeechRecognition);
}
