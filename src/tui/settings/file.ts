// The settings file: where it lies, how it is read with care and replaced as a whole.
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { isTrusted } from '../../source/folder-owner.js'
import { openRegular } from '../../source/rotation-files.js'
import { NONE, parseSettings, type Settings, settingsText } from './settings.js'

/** Bytes of a file that is read. */
const LARGEST = 1 << 20
const OTHERS_WRITE = 0o022
const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants

/** What was found, and what to say of it. */
export interface LoadedSettings {
  readonly settings: Settings
  readonly note?: string
}

export class SettingsFile {
  /** a file that could not be read is the person's to mend: it is not replaced */
  private refused: string | undefined

  private constructor(readonly path: string) {}

  /** The file of this user: `ksys/ui.json` below $XDG_CONFIG_HOME, or below ~/.config. */
  static of(env: Readonly<Record<string, string | undefined>>): SettingsFile {
    const folder = env.XDG_CONFIG_HOME ?? ''
    return new SettingsFile(join(isAbsolute(folder) ? folder : join(homedir(), '.config'), 'ksys', 'ui.json'))
  }

  /** What is in it; none where there is none, or it cannot be trusted or read, which is said. */
  read(): LoadedSettings {
    try {
      return { settings: parseSettings(settingsContent(this.path)) }
    } catch (e) {
      if ((e as NodeJS.ErrnoException).code === 'ENOENT') return { settings: NONE }
      this.refused = `settings are not used and not kept: ${this.path}: ${(e as Error).message}`
      return { settings: NONE, note: this.refused }
    }
  }

  /** Replaces it as a whole; why it could not, in words. */
  write(settings: Settings): string | undefined {
    if (this.refused !== undefined) return this.refused
    const { path } = this
    const folder = dirname(path)
    const next = join(folder, `.ui.json.${process.pid}`)
    try {
      refuseWay(folder)
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      refuseOthers(folder, statSync(folder))
      const there = lstatSync(path, { throwIfNoEntry: false })
      if (there !== undefined && !there.isFile()) throw new Error('it is no file')
      rmSync(next, { force: true })
      const fd = openSync(next, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
      try {
        writeFileSync(fd, settingsText(settings))
        if (there !== undefined) fchmodSync(fd, there.mode & 0o644)
      } finally {
        closeSync(fd)
      }
      renameSync(next, path)
      return undefined
    } catch (e) {
      return `settings are not kept: ${path}: ${(e as Error).message}`
    }
  }
}

function settingsContent(path: string): string {
  const fd = openRegular(path)
  try {
    const stat = fstatSync(fd)
    refuseOthers('it', stat)
    if (stat.size > LARGEST) throw new Error('it is too large')
    return readFileSync(fd, 'utf8')
  } finally {
    closeSync(fd)
  }
}

/** Nothing is made below a folder or link of another user, who could have it lead anywhere: HOME may be that of whoever ran sudo. */
function refuseWay(folder: string): void {
  for (let at = folder; ; at = dirname(at)) {
    const stat = lstatSync(at, { throwIfNoEntry: false })
    if (stat !== undefined && !isTrusted(stat.uid)) throw new Error(`${at} belongs to another user`)
    if (dirname(at) === at) return
  }
}

/** What others could have written is neither read nor written to. */
function refuseOthers(what: string, { uid, mode }: { readonly uid: number; readonly mode: number }): void {
  const own = process.geteuid?.() ?? 0
  if (uid !== own) throw new Error(`${what} belongs to another user`)
  if ((mode & OTHERS_WRITE) !== 0) throw new Error(`others may write to ${what}`)
}
