// Whether ksys may connect to a socket: one that a user has named, or that lies in a folder where users can put theirs.
import { lstatSync } from 'node:fs'
import { PathError, walk } from '../source/walk.js'

/**
 * Why a socket is not asked: undefined when it may be, '' when it is not there. A link that another user has put into a
 * folder like /tmp is not followed. owner: the only user whose socket it may be.
 */
export async function refusal(path: string, owner?: number): Promise<string | undefined> {
  try {
    // looked for twice a second as long as there is none: a path is followed where something is
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return ''
    const place = await walk(path)
    try {
      const found = await place.thing?.stat()
      if (found === undefined) return ''
      if (!found.isSocket()) return 'it is no socket'
      return owner === undefined || found.uid === owner ? undefined : `it leads to a socket of user ${found.uid}`
    } finally {
      await place.close()
    }
  } catch (e) {
    return e instanceof PathError ? e.message : ''
  }
}
