// What the addon does for .scap files, typed: the only file of this room that knows it.
import { native } from '../source/native.js'
import type { FolderClass } from './folder.js'

/** zstd frames in a row, piece by piece. */
export interface ZstdStream {
  /** Decompresses; `ended`: a frame ends with what was read. `error`: what is wrong with the data. */
  run(
    from: Uint8Array,
    to: Uint8Array,
  ): Promise<{ read: number; written: number; ended: boolean; error?: string | undefined }>
}

export interface ScapAddon {
  ScapFolder: FolderClass
  ZstdStream: new () => ZstdStream
}

/** The addon; undefined when it is not built or does not load here. */
export function scapAddon(): ScapAddon | undefined {
  try {
    return native() as unknown as ScapAddon
  } catch {
    return undefined
  }
}
