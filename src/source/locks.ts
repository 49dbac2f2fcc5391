// Locks files that this run writes against other runs, and finds out which process holds a lock.
import { readFileSync, type Stats } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { native } from './native.js'

/** ms between attempts to lock a file, and their number: a reader that checks for a writer locks the file briefly */
const PAUSE = 20
const LOOKS = 10

/** Locks an open file for writing; false: another run is writing it. */
export async function lockedToWrite(fd: number): Promise<boolean> {
  for (let look = 1; look < LOOKS; look++) {
    if (lockedHere(fd)) return true
    await sleep(PAUSE)
  }
  return lockedHere(fd)
}

/** Locks an open file against other runs; true also if the addon, which does the locking, does not load. */
export function lockedHere(fd: number): boolean {
  let addon: ReturnType<typeof native>
  try {
    addon = native()
  } catch {
    return true
  }
  return addon.lockFile(fd)
}

/** Which process holds a lock on a file, for a message; undefined if the kernel does not show it. */
export function lockHolder(file: Pick<Stats, 'dev' | 'ino'>): string | undefined {
  try {
    const place = ` ${deviceOf(file.dev)}:${file.ino} `
    const line = readFileSync('/proc/locks', 'utf8')
      .split('\n')
      .find((l) => / FLOCK /.test(l) && l.includes(place))
    const pid = Number(line?.trim().split(/\s+/)[4] ?? 0)
    if (!(pid > 0)) return undefined
    // a program can give itself a name with line breaks
    const name = readFileSync(`/proc/${pid}/comm`, 'utf8').trimEnd().replace(/\s/g, ' ')
    return `process ${pid} (${name})`
  } catch {
    return undefined
  }
}

/** A device number as in /proc/locks. */
function deviceOf(dev: number): string {
  const major = Math.floor(dev / 2 ** 8) % 2 ** 12
  const minor = (dev % 2 ** 8) + Math.floor(dev / 2 ** 20) * 2 ** 8
  return [major, minor].map((n) => n.toString(16).padStart(2, '0')).join(':')
}
