// Users and groups of the host.
import { readFileSync } from 'node:fs'
import type { GroupInfo, UserInfo } from '../model/snapshot.js'
import { hostRoot } from './host.js'

function lines(path: string): string[][] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((l) => l !== '' && !l.startsWith('#'))
      .map((l) => l.split(':'))
  } catch {
    return []
  }
}

/** The entries of a passwd file; those without a numeric id are left out. */
export function users(path = `${hostRoot()}/etc/passwd`): UserInfo[] {
  return lines(path).flatMap(([name = '', , uid, gid, , home = '', shell = '']) =>
    uid !== undefined && /^\d+$/.test(uid) ? [{ uid: Number(uid), gid: Number(gid) || 0, name, home, shell }] : [],
  )
}

const NOGROUP = 65534

/** A user's own group. Who has no account has the rights of no group. */
export function groupOf(uid: number): number {
  return users().find((u) => u.uid === uid)?.gid ?? NOGROUP
}

/** The entries of a group file. */
export function groups(path = `${hostRoot()}/etc/group`): GroupInfo[] {
  return lines(path).flatMap(([name = '', , gid]) =>
    gid !== undefined && /^\d+$/.test(gid) ? [{ gid: Number(gid), name }] : [],
  )
}
