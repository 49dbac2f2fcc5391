// The half of the native addon that reads and writes files: blocks of traces, .scap files, compression. It knows nothing of captures,
// processes and Linux; a build of it for another system takes this one's place. What captures is in native.ts.
import { loadAddon } from './addon-file.js'

/** That half, as far as a caller uses it. Throws when it is not built. */
export function readingAddon<Used>(): Used {
  return (loadAddon() as { readonly reading: Used }).reading
}
