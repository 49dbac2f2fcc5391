// Whether a cgroup whose path contains no id, /NAMESPACE/ID, is a container's: only runtimes and their files know.
import type { ContainerInfo } from '../model/container.js'
import type { Files } from './files.js'
import type { Known } from './known.js'
import { FILES_GRACE, merge, within } from './runtime.js'
import type { RuntimeQueries } from './runtime-queries.js'
import { RANK } from './runtimes.js'

/** The parts of such a path; for another path, its first two. */
export function pathParts(path: string): [namespace: string, id: string] {
  const [, namespace = '', id = ''] = path.split('/')
  return [namespace, id]
}

export class PathLookUp {
  constructor(
    private readonly runtimes: Pick<RuntimeQueries, 'plain'>,
    private readonly files: Pick<Files, 'findPlain'>,
    private readonly containers: Known,
  ) {}

  /** Whether a cgroup is a container's, which is then known; undefined: not all sources that may know it have responded within `ms`. */
  async isContainer(path: string, ms: number): Promise<boolean | undefined> {
    const [namespace, id] = pathParts(path)
    let silent = false
    const queries = this.runtimes.plain.map(async (r) => {
      const found = await answered(ms, r.findPlain(namespace, id, ms))
      if (found === undefined) silent ||= r.there !== false
      return found?.info
    })
    const files = answered(ms, this.files.findPlain(namespace, id))
    const accept = (info: ContainerInfo | undefined): boolean => {
      if (info?.cgroup !== path) return false
      this.containers.update(merge(info, this.containers.all.get(info.id) ?? info), RANK.runtime)
      return true
    }
    const read = await files
    silent ||= read === undefined
    const inFiles = accept(read?.info)
    const answers = within(ms, Promise.all(queries))
    const infos = (inFiles ? await within(FILES_GRACE, answers) : await answers) ?? []
    return infos.map(accept).includes(true) || inFiles || (silent ? undefined : false)
  }
}

/** The answer, also that there is none; undefined if it fails or takes longer than `ms`. */
function answered<T>(ms: number, info: Promise<T>): Promise<{ readonly info: T } | undefined> {
  return within(
    ms,
    info.then((info) => ({ info })),
  )
}
