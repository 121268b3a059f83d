export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
export const OPEN_ARRAY = 0x5b;
export const CLOSE_ARRAY = 0x5d;

/** The first of `null`, and of no other value. */
export const NULL = 0x6e;

/** 1 for the bytes that may not stand in a string as they are: its end, an escape, a control character. */
export const ENDS_RUN = table((byte) => byte < 0x20 || byte === QUOTE || byte === BACKSLASH);
export const IS_SPACE = table((byte) => [0x20, 0x0a, 0x0d, 0x09].includes(byte));
export const IS_DIGIT = table((byte) => byte >= 0x30 && byte <= 0x39);
export const IS_HEX = table((byte) => /[0-9a-fA-F]/.test(String.fromCharCode(byte)));
/** What may follow a backslash. */
export const IS_ESCAPE = table((byte) => '"\\/bfnrtu'.includes(String.fromCharCode(byte)));

function table(is: (byte: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (is(byte) ? 1 : 0));
}
