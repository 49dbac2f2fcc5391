// The commit that is built, and where its sources are: for the SBOMs and the labels of the image.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './root.js'
import { run } from './run.js'

export interface Sources {
  /** of the last commit; with `-dirty` if files have changed since */
  readonly revision: string
  /** undefined: no address is known that others could reach */
  readonly url: string | undefined
}

/** Throws if the sources are not in a git repository. */
export async function sources(): Promise<Sources> {
  const revision = (await run('git', ['describe', '--always', '--abbrev=40', '--exclude=*', '--dirty'], ROOT)).trim()
  return { revision, url: webUrl(declared() ?? (await origin())) }
}

/** `repository` of package.json. */
function declared(): string | undefined {
  const { repository } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  return repository?.url ?? repository
}

/** The repository that the checkout was cloned from. */
async function origin(): Promise<string> {
  return (await run('git', ['config', '--default', '', '--get', 'remote.origin.url'], ROOT)).trim()
}

/** The address of a git repository as a web address without credentials; undefined for folders, and if there is none. */
export function webUrl(repository: string): string | undefined {
  const address = repository.replace(/^git\+/, '').replace(/\.git\/?$/, '')
  const scp = /^(?:[\w.-]+@)?([\w-]+(?:\.[\w-]+)+):(?!\/\/)\/?(.+)$/.exec(address)
  if (scp !== null) return `https://${scp[1]}/${scp[2]}`
  const url = /^(?:https?|ssh|git):\/\/(?:[^@/]*@)?([^/]+)(\/.+)$/.exec(address)
  if (url === null) return undefined
  const host = address.startsWith('http') ? url[1] : url[1]?.replace(/:\d+$/, '')
  return `https://${host}${url[2]}`
}
