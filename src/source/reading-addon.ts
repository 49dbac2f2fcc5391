// The half of the native addon that reads and writes files: blocks of traces, .scap files, compression. It does not depend on captures,
// processes or Linux, and can be replaced by a build for another system. The capturing half is in native.ts.
import { loadAddon } from './addon-file.js'

/** That half, typed by its user. Throws if the addon is not built. */
export function readingAddon<Used>(): Used {
  return (loadAddon() as { readonly reading: Used }).reading
}
