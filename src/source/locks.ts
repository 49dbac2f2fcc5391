// Locks of files that this run writes, against other runs that would write them too, and who else has a file locked.
import { readFileSync, type Stats } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { native } from './native.js'

/** ms between two tries to lock a file, and how often: who looks whether somebody writes it has it locked for a moment */
const PAUSE = 20
const LOOKS = 10

/** Locks an open file that this run writes; false: another run writes it. */
export async function lockedToWrite(fd: number): Promise<boolean> {
  for (let look = 1; look < LOOKS; look++) {
    if (lockedHere(fd)) return true
    await sleep(PAUSE)
  }
  return lockedHere(fd)
}

/** Locks an open file against other runs; true also where the addon, which locks, does not load. */
export function lockedHere(fd: number): boolean {
  let addon: ReturnType<typeof native>
  try {
    addon = native()
  } catch {
    return true
  }
  return addon.lockFile(fd)
}

/** Who else has a file locked, in words; undefined where the kernel does not say. */
export function lockHolder(file: Pick<Stats, 'dev' | 'ino'>): string | undefined {
  try {
    const place = ` ${deviceOf(file.dev)}:${file.ino} `
    const line = readFileSync('/proc/locks', 'utf8')
      .split('\n')
      .find((l) => / FLOCK /.test(l) && l.includes(place))
    const pid = Number(line?.trim().split(/\s+/)[4] ?? 0)
    if (!(pid > 0)) return undefined
    // a program may give itself a name of several lines
    const name = readFileSync(`/proc/${pid}/comm`, 'utf8').trimEnd().replace(/\s/g, ' ')
    return `process ${pid} (${name})`
  } catch {
    return undefined
  }
}

/** A device's number as /proc/locks has it. */
function deviceOf(dev: number): string {
  const major = Math.floor(dev / 2 ** 8) % 2 ** 12
  const minor = (dev % 2 ** 8) + Math.floor(dev / 2 ** 20) * 2 ** 8
  return [major, minor].map((n) => n.toString(16).padStart(2, '0')).join(':')
}
