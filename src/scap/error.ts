// Errors that make a .scap file unusable as a whole. Damage inside a file is reported by the source and does not throw.

/** The message is a complete sentence for the user. */
export class ScapError extends Error {
  override readonly name = 'ScapError'
}
