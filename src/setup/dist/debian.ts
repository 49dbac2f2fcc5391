// Downloads packages of any Debian suite and architecture with apt, with separate lists and sources in the cache, so that the machine's own
// apt state is not changed. The mirror is that of the machine's own sources.
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The cache for downloads, outside the checkout. */
const CACHE =
  process.env.KSYS_KERNELS_CACHE ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir() || '/tmp', '.cache'), 'ksys', 'kernels')

const ARCHIVE_KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'
const SUITES = /^(bullseye|bookworm|trixie|forky|duke|sid|unstable|testing|stable|oldstable|oldoldstable)$/

interface Mirror {
  uri: string
  /** file with the keys that sign the suites; undefined: apt's default keys */
  keyring: string | undefined
}

function stanzas(text: string): Map<string, string>[] {
  return text.split(/\n\n+/).map((s) => {
    const fields = new Map<string, string>()
    for (const line of s.split('\n')) {
      const [, name, value] = /^([A-Za-z][\w-]*): *(.*)$/.exec(line) ?? []
      if (name !== undefined && value !== undefined) fields.set(name, value)
    }
    return fields
  })
}

/** The keyring of the entry FILE:LINE in apt's sources. */
function keyringOf(entry: string): string | undefined {
  const [, file = '', line = '1'] = /^(.*):(\d+)$/.exec(entry) ?? []
  if (!existsSync(file)) return undefined
  const text = readFileSync(file, 'utf8')
  const at = text.split('\n')[Number(line) - 1] ?? ''
  const named = file.endsWith('.list') ? /signed-by=([^\s\]]+)/i.exec(at) : /^Signed-By: *(\/\S+)$/im.exec(text)
  return named?.[1]
}

/** The mirror of Debian that this machine uses. */
export function mirror(): Mirror {
  const listed = execFileSync('apt-get', ['indextargets', '--no-release-info', 'Created-By: Packages'], {
    encoding: 'utf8',
  })
  const entry = stanzas(listed).find(
    (s) =>
      SUITES.test(s.get('Release') ?? '') &&
      s.get('Component') === 'main' &&
      /^(https?|mirror)/.test(s.get('Repo-URI') ?? ''),
  )
  if (!entry) throw new Error("this machine's apt sources have no Debian mirror (apt-get indextargets)")
  const keyring =
    keyringOf(entry.get('Sourcesentry') ?? '') ?? (existsSync(ARCHIVE_KEYRING) ? ARCHIVE_KEYRING : undefined)
  return { uri: (entry.get('Repo-URI') as string).replace(/\/$/, ''), keyring }
}

/** A package of a suite: name, version and dependencies. */
export interface DebianPackage {
  name: string
  version: string
  depends: string
}

/** One suite of one architecture on the mirror. */
export class Suite {
  private updated: Promise<void> | undefined
  private readonly dir: string

  constructor(
    readonly name: string,
    readonly arch: string,
  ) {
    this.dir = join(CACHE, 'apt', `${name}-${arch}`)
  }

  private env(): NodeJS.ProcessEnv {
    return { ...process.env, APT_CONFIG: join(this.dir, 'apt.conf'), LC_ALL: 'C.UTF-8' }
  }

  /** Fetches the lists, once per run. */
  private update(): Promise<void> {
    this.updated ??= (async () => {
      for (const d of ['lists/partial', 'state', 'cache/archives/partial'])
        mkdirSync(join(this.dir, d), { recursive: true })
      const { uri, keyring } = mirror()
      writeFileSync(join(this.dir, 'status'), '')
      writeFileSync(
        join(this.dir, 'sources.list'),
        `deb [arch=${this.arch}${keyring ? ` signed-by=${keyring}` : ''}] ${uri} ${this.name} main\n`,
      )
      writeFileSync(
        join(this.dir, 'apt.conf'),
        [
          `Dir::Etc::sourcelist "${this.dir}/sources.list"; Dir::Etc::sourceparts "/dev/null";`,
          'Dir::Etc::preferences "/dev/null"; Dir::Etc::preferencesparts "/dev/null";',
          `Dir::State "${this.dir}/state"; Dir::State::lists "${this.dir}/lists"; Dir::State::status "${this.dir}/status";`,
          `Dir::Cache "${this.dir}/cache"; Acquire::Languages "none"; Acquire::Retries "3";`,
          `APT::Architecture "${this.arch}"; APT::Architectures { "${this.arch}"; };`,
          // by default apt downloads as an unprivileged user, who may not have access to root's folders
          'APT::Sandbox::User "root";',
          'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false"; Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";',
          '',
        ].join('\n'),
      )
      await run('apt-get', ['update', '-qq'], { env: this.env() })
    })()
    return this.updated
  }

  /** All packages whose names match, in no particular order; `like` is an extended regular expression. */
  async packages(like: string): Promise<DebianPackage[]> {
    await this.update()
    const options = { env: this.env(), maxBuffer: 1 << 26 }
    const { stdout } = await run('apt-cache', ['search', '--names-only', like], options)
    const names = stdout.split('\n').flatMap((l) => l.split(' ')[0] || [])
    if (names.length === 0) return []
    const shown = await run('apt-cache', ['show', ...names], options)
    return stanzas(shown.stdout).flatMap((s) => {
      const [name, version] = [s.get('Package'), s.get('Version')]
      return name && version && new RegExp(like).test(name) ? { name, version, depends: s.get('Depends') ?? '' } : []
    })
  }

  /** Unpacks the files of a package (by default the suite's version) to `to`. only: patterns of the files to unpack; default: all. */
  async unpack(name: string, version: string | undefined, to: string, only: readonly string[] = []): Promise<void> {
    await this.update()
    const dir = join(this.dir, `download.${process.pid}.${name}`)
    mkdirSync(dir, { recursive: true })
    try {
      await run('apt-get', ['download', '-qq', version ? `${name}=${version}` : name], { cwd: dir, env: this.env() })
      mkdirSync(to, { recursive: true })
      const words = only.map((w) => `'${w}'`).join(' ')
      await run('sh', [
        '-c',
        `dpkg-deb --fsys-tarfile "$1"/*.deb | tar -x -C "$2" ${words && `--wildcards ${words}`}`,
        'unpack',
        dir,
        to,
      ])
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  }
}

/** Creates a folder in the cache with `fill`, unless it exists; an interrupted attempt leaves no folder. */
export async function cached(name: string, fill: (dir: string) => Promise<void>): Promise<string> {
  const dir = join(CACHE, name)
  if (existsSync(dir)) return dir
  const fresh = `${dir}.${process.pid}`
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { recursive: true })
  try {
    await fill(fresh)
    renameSync(fresh, dir)
  } catch (e) {
    rmSync(fresh, { recursive: true, force: true })
    // another run may have created it meanwhile
    if (!existsSync(dir)) throw e
  }
  return dir
}
