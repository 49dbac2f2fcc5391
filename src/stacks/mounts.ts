// Keeps reading away from file systems of FUSE: the server of one may never answer, and a process that waits for it cannot even be killed.
import { readFileSync } from 'node:fs'
import { Cut } from './file-bytes.js'
import { MOUNTS } from './limits.js'
import { eachLine } from './proc-lines.js'

/**
 * A check for each step of one path (ForeignPath.check). It throws Cut at a place that lies on FUSE, or on a file system that is not known.
 * @param pid the process in whose root the path is one; undefined: in our own
 */
export function refuseFuse(pid: number | undefined): (step: number) => void {
  let passed: string | undefined
  return (step) => {
    const mount = /^mnt_id:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${step}`, 'latin1'))?.[1]
    if (mount === passed) return
    const type = typeOf(`${mount} `, pid)
    if (type === undefined) throw new Cut('the file system that it lies on is not known')
    if (type.startsWith('fuse')) throw new Cut('it lies on a file system of FUSE, whose server may never answer')
    passed = mount
  }
}

/**
 * The type of a mount. A process with a root of its own is not shown the mount that this lies in: one that started it, or we ourselves,
 * may be.
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

/** The type of file system of the line of a mountinfo that begins so (proc_pid_mountinfo(5)). */
function typeIn(mounts: string, begin: string): string | undefined {
  let type: string | undefined
  eachLine(mounts, MOUNTS.bytes, (line) => {
    if (line.startsWith(begin)) type = / - (\S+) /.exec(line)?.[1]
    return type !== undefined
  })
  return type
}
