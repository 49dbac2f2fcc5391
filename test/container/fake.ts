// Containers without a runtime: cgroups as a runtime creates them, and docker's own files about them below a HOST_ROOT of the
// test.
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export class FakeContainers {
  private readonly folders: readonly string[]
  private readonly ids: string[] = []

  /** root: becomes the HOST_ROOT; name: of the cgroup that contains the others. */
  constructor(
    private readonly root: string,
    name: string,
  ) {
    const mountinfo = readFileSync('/proc/self/mountinfo', 'utf8')
    const unified = / (\/\S+) \S+ .*- cgroup2 /.exec(mountinfo)?.[1] as string
    const tops = new Set([unified, existsSync('/sys/fs/cgroup/memory') ? '/sys/fs/cgroup/memory' : unified])
    this.folders = [...tops].map((top) => join(top, name))
    mkdirSync(join(root, 'etc'), { recursive: true })
    process.env.HOST_ROOT = root
  }

  /** Creates the cgroups of these containers. */
  begin(ids: readonly string[]): void {
    this.ids.push(...ids)
    for (const dir of this.folders) for (const id of ids) mkdirSync(join(dir, id), { recursive: true })
  }

  /** Writes the files of docker about a container. */
  describe(id: string, name: string, image: string): void {
    const dir = join(this.root, 'var/lib/docker/containers', id)
    mkdirSync(dir, { recursive: true })
    const config = { ID: id, Name: `/${name}`, Image: `sha256:${'a'.repeat(64)}`, Config: { Image: image } }
    writeFileSync(join(dir, 'hostconfig.json'), '{}')
    writeFileSync(join(dir, 'config.v2.json'), JSON.stringify(config))
  }

  /** Words for a shell: the command that follows is in the container whose id is in this variable. */
  enter(variable: string): string {
    return this.folders.map((dir) => `echo 0 >${dir}/$${variable}/cgroup.procs`).join('; ')
  }

  /** Removes the cgroups, whose processes have exited. */
  end(): void {
    delete process.env.HOST_ROOT
    for (const dir of this.folders)
      for (const d of [...this.ids.map((id) => join(dir, id)), dir]) if (existsSync(d)) rmdirSync(d)
  }
}
