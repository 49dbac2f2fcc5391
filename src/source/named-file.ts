// Reads small files that a person has named in an option: also pipes, as a shell makes them of <(command), and never without an end.
import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import { doSync } from './foreign/steps.js'
import { upTo } from './foreign/up-to.js'

/** All of a file; undefined when it has more than `most` bytes. Throws the system's error. */
export function readNamed(path: string, most: number): Buffer | undefined {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOCTTY)
  try {
    return doSync(upTo(fd, fstatSync(fd).size, most))
  } finally {
    closeSync(fd)
  }
}
