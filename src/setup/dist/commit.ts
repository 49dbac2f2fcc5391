// The last commit of the checkout: its date is used for all files, so that builds are reproducible, and its author is the maintainer.
import { execFileSync } from 'node:child_process'
import { ROOT } from './root.js'

export interface Commit {
  /** s since the epoch; SOURCE_DATE_EPOCH takes precedence */
  readonly time: number
  /** the same in the format of Debian's changelogs: Sat, 28 Nov 2026 08:20:00 +0000 */
  readonly date: string
  /** NAME <ADDRESS> */
  readonly author: string
}

/** Throws if the sources are not in a git repository. */
export function lastCommit(): Commit {
  const log = ['log', '-1', '--format=%ct%n%an <%ae>']
  const [seconds, author = ''] = execFileSync('git', log, { cwd: ROOT, encoding: 'utf8' }).split('\n')
  const time = Number(process.env.SOURCE_DATE_EPOCH ?? seconds)
  return { time, date: new Date(time * 1000).toUTCString().replace('GMT', '+0000'), author }
}
