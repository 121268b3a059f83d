/** Bytes, and the view of the same bytes that reads four of them at once: V8 makes one machine instruction of getInt32. */
export interface Text {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

export function makeText(bytes: Uint8Array): Text {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}
