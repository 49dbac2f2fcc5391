// The folders and links that a path leads through, for whoever asks who could lead it elsewhere.
import { lstatSync, readlinkSync, type Stats } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** links after which the kernel gives up, too */
const MOST_LINKS = 40

export interface Step {
  readonly path: string
  /** of a link, the link's own */
  readonly stat: Stats
}

/** Every folder and link that a path goes through, from the top, and what it ends at. Throws what lstat throws. */
export function* pathSteps(file: string): Generator<Step> {
  const rest = resolve(file).split('/')
  let real = '/'
  for (let links = 0; rest.length > 0; ) {
    const path = join(real, rest.shift() as string)
    const stat = lstatSync(path)
    yield { path, stat }
    if (!stat.isSymbolicLink()) real = path
    else if (++links > MOST_LINKS) throw new Error('its symbolic links lead in a circle')
    else {
      const target = readlinkSync(path)
      rest.unshift(...target.split('/'))
      real = target.startsWith('/') ? '/' : dirname(path)
    }
  }
}
