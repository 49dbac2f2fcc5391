// Opens files of those who are traced: only regular ones, and none of FUSE. The server of such a file system may never answer, and a
// process that waits for it cannot even be killed. So the path is walked step by step, and no step is made into a mount of FUSE; links
// lead to where they lead for the process.
import { closeSync, constants, fstatSync, openSync, readFileSync, readlinkSync, type Stats } from 'node:fs'
import { Cut } from './file-bytes.js'
import { MOUNTS } from './limits.js'
import { eachLine } from './proc-lines.js'

const { O_RDONLY, O_NONBLOCK, O_NOCTTY, O_NOFOLLOW } = constants
const O_PATH = 0o10000000
/** Parts of a path, and of the links in it, that are walked. */
const MOST_STEPS = 256

/**
 * Calls with the open file; undefined when there is none that is regular. Throws Cut where it lies on FUSE, what `use` throws, and what
 * opening does.
 * @param pid the process in whose root the path is one; undefined: in our own
 */
export function withRegularFile<T>(
  path: string,
  pid: number | undefined,
  use: (fd: number, stat: Stats) => T,
): T | undefined {
  const place = new Walk(pid).to(partsOf(path))
  try {
    if (!fstatSync(place).isFile()) return undefined
    const fd = openSync(`/proc/self/fd/${place}`, O_RDONLY | O_NONBLOCK | O_NOCTTY)
    try {
      return use(fd, fstatSync(fd))
    } finally {
      closeSync(fd)
    }
  } finally {
    closeSync(place)
  }
}

class Walk {
  /** number of the mount that was found not to be of FUSE */
  private mount: string | undefined
  private steps = 0

  constructor(private readonly pid: number | undefined) {}

  /** What a path of these parts leads to, opened with O_PATH. */
  to(parts: readonly string[]): number {
    let at = openSync(this.pid === undefined ? '/' : `/proc/${this.pid}/root`, O_PATH)
    let next: number | undefined
    try {
      for (const [i, part] of parts.entries()) {
        if (++this.steps > MOST_STEPS) throw new Cut('its path has too many parts and links')
        const rest = parts.slice(i + 1)
        if (part === '..') return this.to([...parts.slice(0, Math.max(0, i - 1)), ...rest])
        const path = `/proc/self/fd/${at}/${part}`
        next = openSync(path, O_PATH | O_NOFOLLOW)
        this.check(next)
        if (fstatSync(next).isSymbolicLink()) {
          const link = readlinkSync(path)
          return this.to([...(link.startsWith('/') ? [] : parts.slice(0, i)), ...partsOf(link), ...rest])
        }
        closeSync(at)
        at = next
        next = undefined
      }
      const found = at
      at = -1
      return found
    } finally {
      if (at >= 0) closeSync(at)
      if (next !== undefined) closeSync(next)
    }
  }

  /** Throws Cut where a place lies on FUSE, or on a file system that is not known. */
  private check(fd: number): void {
    const mount = /^mnt_id:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1]
    if (mount === this.mount) return
    const type = this.typeOf(`${mount} `)
    if (type === undefined) throw new Cut('the file system that it lies on is not known')
    if (type.startsWith('fuse')) throw new Cut('it lies on a file system of FUSE, whose server may never answer')
    this.mount = mount
  }

  /**
   * The type of a mount. A process with a root of its own is not shown the mount that this lies in: one that started it, or we ourselves,
   * may be.
   */
  private typeOf(mount: string): string | undefined {
    if (this.pid !== undefined) {
      const parent = /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${this.pid}/status`, 'latin1'))?.[1]
      for (const process of [this.pid, parent]) {
        const type = process === '0' ? undefined : typeIn(`/proc/${process}/mountinfo`, mount)
        if (type !== undefined) return type
      }
    }
    return typeIn('/proc/self/mountinfo', mount)
  }
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.')
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
