// Names of containers that a trace tells only after events of theirs: found before it is read, by its index, or without one by
// going from block to block. Few blocks tell any.
import { parseContainer } from '../model/container-json.js'
import type { BlockDecoder } from './block-decoder.js'
import { tellContainers } from './container-scan.js'
import { BLOCK_HEADER, blockHeader, FILE_HEADER } from './format.js'
import type { IndexEntry } from './index-block.js'
import type { Input } from './input.js'
import { indexOf } from './read-range.js'

/** Bytes read beyond those that are wanted. */
export const NAMES_AHEAD = 4 << 10
/** Containers whose names are kept. */
const MOST = 16_384

/**
 * The first name that is told of each container, as texts of container events. The input, of this reading's own, is closed; the
 * decoder knows the trace's declarations.
 */
export async function readLateNames(input: Input, decoder: BlockDecoder): Promise<readonly string[]> {
  const found = new Map<string, string>()
  try {
    const entries = (await indexOf(input))?.entries ?? (await blocksOf(input))
    const tell = (json: string) => {
      const info = parseContainer(json)
      if (info !== undefined && info.name !== '' && !found.has(info.id) && found.size < MOST) found.set(info.id, json)
    }
    // what cannot be read is told when the events are
    await tellContainers(input, entries, { tell, texts: () => [] }, decoder)
  } finally {
    await input.close()
  }
  return [...found.values()]
}

/** The blocks of each file up to its first place that is damaged. */
async function blocksOf(input: Input): Promise<IndexEntry[]> {
  const entries: IndexEntry[] = []
  for (const { from } of input.joined?.parts ?? [{ from: 0 }]) {
    for (let offset = from + FILE_HEADER; ; ) {
      input.seek(offset)
      const header = blockHeader(await input.peek(BLOCK_HEADER))
      if (header === undefined || header.total <= 0) break
      const head = await input.peek(BLOCK_HEADER + header.summaryBytes)
      entries.push({ offset, head: Buffer.from(head) })
      offset += header.total
    }
  }
  return entries
}
