// What the addon does for .scap files, typed: the only file of this room that knows it.
import { whyNotLoaded } from '../source/addon-file.js'
import { readingAddon } from '../source/reading-addon.js'
import { ScapError } from './error.js'
import type { NativeWalkClass } from './native-walk.js'

/** gzip members or zstd frames in a row, piece by piece. */
export interface Unpacker {
  /**
   * Decompresses until one of the two is used up or a member or frame ends (`ended`). `error`: what is wrong with the
   * data; what was written before is good. Both are not to be touched until the promise settles.
   */
  run(
    from: Uint8Array,
    to: Uint8Array,
  ): Promise<{ read: number; written: number; ended: boolean; error?: string | undefined }>
}

export interface ScapAddon {
  ScapWalk: NativeWalkClass
  Unpacker: new (kind: 'gzip' | 'zstd') => Unpacker
}

/** The addon. Throws ScapError that says why it does not load. */
export function scapAddon(): ScapAddon {
  try {
    return readingAddon<ScapAddon>()
  } catch (e) {
    throw new ScapError(`.scap files are read with ksys's native addon, ${whyNotLoaded(e)}`)
  }
}
