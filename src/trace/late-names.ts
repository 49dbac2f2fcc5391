// Finds the names of containers that a trace records only after their first events. It scans the trace before it is
// read: the blocks in its index, or all blocks without one. Few blocks have container events.
import { parseContainer } from '../model/container-json.js'
import type { BlockDecoder } from './block-decoder.js'
import { collectContainers } from './container-scan.js'
import { BLOCK_HEADER, blockHeader, FILE_HEADER } from './format.js'
import type { IndexEntry } from './index-block.js'
import type { Input } from './input.js'
import { indexOf } from './read-range.js'

/** Number of bytes to read ahead of the requested ones. */
export const NAMES_AHEAD = 4 << 10
/** limit of containers with a retained name */
const MAX_CONTAINERS = 16_384

/**
 * The first name recorded for each container, as JSON of container events. Closes the input, which is used by this scan only.
 * The decoder has the trace's declarations.
 */
export async function readLateNames(input: Input, decoder: BlockDecoder): Promise<readonly string[]> {
  const found = new Map<string, string>()
  try {
    const entries = (await indexOf(input))?.entries ?? (await blocksOf(input))
    const addName = (json: string) => {
      const info = parseContainer(json)
      if (info !== undefined && info.name !== '' && !found.has(info.id) && found.size < MAX_CONTAINERS)
        found.set(info.id, json)
    }
    // unreadable blocks are reported when their events are read
    await collectContainers(input, entries, { report: addName, texts: () => [] }, decoder)
  } finally {
    await input.close()
  }
  return [...found.values()]
}

/** The blocks of each file up to its first damaged place. */
async function blocksOf(input: Input): Promise<IndexEntry[]> {
  const entries: IndexEntry[] = []
  for (const { from } of input.joined?.extents ?? [{ from: 0 }]) {
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
