/** Whitespace, control and formatting characters, and the letters that Unicode draws as nothing (Hangul fillers, empty braille). */
const blank = /^[\s\p{Cc}\p{Cf}\p{Z}\u115f\u1160\u2800\u3164\uffa0]*$/u

/** Whether a reader would see nothing: empty, spaces of any kind, zero-width characters. */
export const isBlank = (text: string): boolean => blank.test(text)
