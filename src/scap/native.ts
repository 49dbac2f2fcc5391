// Types of the addon's functions for .scap files. No other file of this module uses the addon, except those in write.
import { whyNotLoaded } from '../source/addon-file.js'
import { readingAddon } from '../source/reading-addon.js'
import { ScapError } from './error.js'
import type { NativeWalkClass } from './native-walk.js'

/** Decompresses a sequence of gzip members or zstd frames, chunk by chunk. */
export interface Unpacker {
  /**
   * Decompresses until one of the buffers is used up, or a member or frame ends (`ended`). `error`: damage to the data; the
   * bytes written before are valid. Do not touch either buffer until the promise settles.
   */
  run(
    from: Uint8Array,
    to: Uint8Array,
  ): Promise<{ read: number; written: number; ended: boolean; error?: string | undefined }>
}

interface ScapAddon {
  ScapWalk: NativeWalkClass
  Unpacker: new (kind: 'gzip' | 'zstd') => Unpacker
}

/** The addon. Throws ScapError with the reason if it cannot be loaded. */
export function scapAddon(): ScapAddon {
  try {
    return readingAddon<ScapAddon>()
  } catch (e) {
    throw new ScapError(`reading .scap files requires ksys's native addon, ${whyNotLoaded(e)}`)
  }
}
