// The folders and links that a path leads through, to check who could redirect it.
import { lstatSync, readlinkSync, type Stats } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** links after which the kernel gives up, too */
const MOST_LINKS = 40

interface Step {
  readonly path: string
  /** for a link, of the link itself */
  readonly stat: Stats
}

/** Every folder and link that a path goes through, from the top, and the file at its end. Throws what lstat throws. */
export function* pathSteps(file: string): Generator<Step> {
  const rest = resolve(file).split('/')
  let real = '/'
  for (let links = 0; rest.length > 0; ) {
    const path = join(real, rest.shift() as string)
    const stat = lstatSync(path)
    yield { path, stat }
    if (!stat.isSymbolicLink()) real = path
    else if (++links > MOST_LINKS) throw new Error('too many symbolic links')
    else {
      const target = readlinkSync(path)
      rest.unshift(...target.split('/'))
      real = target.startsWith('/') ? '/' : dirname(path)
    }
  }
}
