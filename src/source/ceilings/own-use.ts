// Resources that ksys itself uses.
import { readFileSync } from 'node:fs'
import type { OwnUse } from './source.js'

/** Bytes of memory of this process of one kind, from /proc/self/status; 0 if it cannot be read. */
function memoryOf(kind: 'RssAnon' | 'RssFile'): number {
  try {
    const status = readFileSync('/proc/self/status', 'utf8')
    return Number(new RegExp(`^${kind}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}

/** Program and libraries. Read at the start because the kernel's buffers, once mapped, count as files too. */
const PROGRAM = memoryOf('RssFile')

export const OWN_USE: OwnUse = {
  cpu: () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  },
  memory: () => memoryOf('RssAnon') + PROGRAM,
}
