// Prevents reads from FUSE file systems: their server may never respond, and a process that waits for it cannot be killed.
import { readFileSync } from 'node:fs'
import { Cut } from './file-bytes.js'
import { MOUNTS } from './limits.js'
import { eachLine } from './proc-lines.js'

/**
 * A check for each component of one path (ForeignPath.check). It throws Cut for a file on FUSE, or on an unknown file system.
 * @param pid the process in whose root the path is resolved; undefined: in our own
 */
export function refuseFuse(pid: number | undefined): (step: number) => void {
  let passed: string | undefined
  return (step) => {
    const mount = /^mnt_id:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${step}`, 'latin1'))?.[1]
    if (mount === passed) return
    const type = typeOf(`${mount} `, pid)
    if (type === undefined) throw new Cut('its file system cannot be determined')
    if (type.startsWith('fuse')) throw new Cut('it is on a FUSE file system, whose server may never respond')
    passed = mount
  }
}

/**
 * The type of a mount. A process with a root of its own may not see the mount that contains its root; its parent or ksys itself
 * may see it.
 */
function typeOf(mount: string, pid: number | undefined): string | undefined {
  if (pid !== undefined) {
    const parent = /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]
    for (const process of [pid, parent]) {
      const type = process === '0' ? undefined : typeIn(`/proc/${process}/mountinfo`, mount)
      if (type !== undefined) return type
    }
  }
  return typeIn('/proc/self/mountinfo', mount)
}

/** The file system type in the line of a mountinfo file that starts with `begin` (proc_pid_mountinfo(5)). */
function typeIn(mounts: string, begin: string): string | undefined {
  let type: string | undefined
  eachLine(mounts, MOUNTS.bytes, (line) => {
    if (line.startsWith(begin)) type = / - (\S+) /.exec(line)?.[1]
    return type !== undefined
  })
  return type
}
