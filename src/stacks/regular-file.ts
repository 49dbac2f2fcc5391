// Opens files of those who are traced: only regular ones, without waiting for a FIFO and without taking a terminal.
import { closeSync, constants, fstatSync, openSync, type Stats } from 'node:fs'

const { O_RDONLY, O_NONBLOCK, O_NOCTTY } = constants

/** Calls with the open file; undefined when there is none that is regular. Throws what `use` throws. */
export function withRegularFile<T>(path: string, use: (fd: number, stat: Stats) => T): T | undefined {
  let fd: number | undefined
  try {
    fd = openSync(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
  } catch {
    return undefined
  }
  try {
    const stat = fstatSync(fd)
    return stat.isFile() ? use(fd, stat) : undefined
  } finally {
    closeSync(fd)
  }
}
