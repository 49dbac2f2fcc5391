// Checks whether ksys may connect to a socket that a user has named, or that is in a folder where users can create one.
import { lstatSync } from 'node:fs'
import { PathError, walk } from '../source/walk.js'

/**
 * Why a socket must not be used: undefined if it may be, '' if it does not exist. A link that another user has placed in a
 * folder like /tmp is not followed. owner: the required owner of the socket.
 */
export async function refusal(path: string, owner?: number): Promise<string | undefined> {
  try {
    // checked twice a second while the socket does not exist: the path is resolved only if something is there
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return ''
    const place = await walk(path)
    try {
      const found = await place.thing?.stat()
      if (found === undefined) return ''
      if (!found.isSocket()) return 'it is not a socket'
      return owner === undefined || found.uid === owner ? undefined : `it leads to a socket of user ${found.uid}`
    } finally {
      await place.close()
    }
  } catch (e) {
    return e instanceof PathError ? e.message : ''
  }
}
