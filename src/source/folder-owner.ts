// Who may put names into a folder, by its owner and its permission bits.
import type { Stats } from 'node:fs'
import { ownUser } from '../model/own-user.js'
import { users } from './accounts.js'

const STICKY = 0o1000
const EVERYBODY_WRITES = 0o002
/** of an access control list the bits of the group are what any of its entries may have at most */
const GROUP_WRITES = 0o020

/** Whether a user is the one that ksys was started as. */
export function isOwn(uid: number): boolean {
  return uid === ownUser
}

/** Whether a user may decide where this process writes. */
export function isTrusted(uid: number): boolean {
  return uid === 0 || isOwn(uid)
}

/** Whether everybody may put names into a folder, and nobody take those of others away. */
export function isShared({ mode }: Stats): boolean {
  return (mode & STICKY) !== 0 && (mode & EVERYBODY_WRITES) !== 0
}

/** Whether users who are neither root nor this process's own may put names into a folder. */
export function isOpenToOthers({ uid, mode }: Stats): boolean {
  return !isTrusted(uid) || (mode & (EVERYBODY_WRITES | GROUP_WRITES)) !== 0
}

/** Another user to whom files in a folder belong that root makes there; undefined: they are the process's own. */
export function otherOwner({ uid }: Stats): number | undefined {
  return ownUser === 0 && uid !== 0 ? uid : undefined
}

/** A user for a person: the name and the number, the number alone where there is no account. */
export function nameOfUser(uid: number): string {
  const name = users().find((u) => u.uid === uid)?.name
  return name === undefined ? `${uid}` : `${name} (${uid})`
}
