// What a compressed part of a file is to the input that reads it.

/** One compressed segment being read. */
export interface Segment {
  /** Puts uncompressed bytes into `to` from `at` on; 0 when the segment has ended. */
  read(to: Uint8Array, at: number): Promise<number>
  /** after the end: bytes handed over by `more` that belong to what follows */
  readonly rest: Uint8Array
  /** what is wrong with the segment, once it has ended */
  readonly problem: string | undefined
  close(): void
}

/** Hands out the next compressed bytes, an empty array at the end. */
export type More = () => Promise<Uint8Array>
