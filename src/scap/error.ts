// What makes a .scap file unusable as a whole. Damage inside one is reported by the source instead and does not throw.

/** The message is a whole sentence for the person. */
export class ScapError extends Error {
  override readonly name = 'ScapError'
}
