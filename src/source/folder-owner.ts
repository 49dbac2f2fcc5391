// Decides from a folder's owner and permission bits who can create names in it.
import type { Stats } from 'node:fs'
import { ownUser } from '../model/own-user.js'
import { users } from './accounts.js'

const STICKY = 0o1000
const EVERYBODY_WRITES = 0o002
/** with an access control list, the group bits are the upper bound of the rights of all its entries */
const GROUP_WRITES = 0o020

/** Whether ksys was started by this user. */
export function isOwn(uid: number): boolean {
  return uid === ownUser
}

/** Whether a user is trusted to decide where this process writes. */
export function isTrusted(uid: number): boolean {
  return uid === 0 || isOwn(uid)
}

/** Whether all users can create names in a folder, and no user can remove those of others (as in /tmp). */
export function isShared({ mode }: Stats): boolean {
  return (mode & STICKY) !== 0 && (mode & EVERYBODY_WRITES) !== 0
}

/** Whether users other than root and this process's own can create names in a folder. */
export function isOpenToOthers({ uid, mode }: Stats): boolean {
  return !isTrusted(uid) || (mode & (EVERYBODY_WRITES | GROUP_WRITES)) !== 0
}

/** The other user that owns what root creates in a folder; undefined if files stay the process's own. */
export function otherOwner({ uid }: Stats): number | undefined {
  return ownUser === 0 && uid !== 0 ? uid : undefined
}

/** A user in a message: name and uid; the uid alone if there is no account. */
export function nameOfUser(uid: number): string {
  const name = users().find((u) => u.uid === uid)?.name
  return name === undefined ? `${uid}` : `${name} (${uid})`
}
