// Starts the program that reads alerts, as an unprivileged user without a way to gain privileges, also after ksys has dropped its own.
import { closeSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { Socket } from 'node:net'
import { constants } from 'node:os'
import { type Account, cleanEnvironment } from '../../actions/programs.js'
import { callingUser } from '../../model/trusted-file.js'
import { groupOf, users } from '../../source/accounts.js'
import { type NativeFolder, native } from '../../source/native.js'
import { resultOrThrow } from '../../source/reason.js'
import { type CommandEnd, commandEnd } from '../../source/spawn.js'

const OWN = -1
const NOBODY = 65534

/** A running program. */
export interface RunningProgram {
  /** its standard input */
  readonly input: Socket
  readonly ended: Promise<CommandEnd>
  /** Kills it and the processes that it has started. */
  kill(): void
}

export class ProgramUser {
  private constructor(
    private readonly root: FileHandle,
    private readonly worker: NativeFolder,
  ) {}

  /**
   * Runs as the user who called sudo; if root did not use sudo, as nobody; otherwise as the current user. argv: the program's path and
   * arguments. Throws the system's error.
   */
  static async open(argv: readonly string[]): Promise<ProgramUser> {
    const uid = userOfPrograms()
    const present = uid === process.geteuid?.()
    const root = await open('/')
    const env = Object.entries(cleanEnvironment(process.env, present ? undefined : accountOf(uid)))
    const variables = env.map(([name, value]) => `${name}=${value}`)
    const [user, group] = present ? [OWN, OWN] : [uid, groupOf(uid)]
    const worker = new (native().Folder)(root.fd, user, group, argv, variables)
    try {
      resultOrThrow(-worker.error)
    } catch (e) {
      await root.close()
      throw e
    }
    return new ProgramUser(root, worker)
  }

  /** Starts the program. Throws the system's error. */
  async start(): Promise<RunningProgram> {
    const ends = native().pipe()
    const reader = resultOrThrow(ends[0])
    const writer = ends[1] as number
    let pid: number
    try {
      pid = resultOrThrow(await this.worker.start(undefined, reader))
    } catch (e) {
      closeSync(writer)
      throw e
    } finally {
      closeSync(reader)
    }
    const input = new Socket({ fd: writer, readable: false, writable: true })
    // errors are passed to the callback of write()
    input.on('error', () => {})
    const ended = native().waitFor(pid).then(commandEnd)
    let running = true
    const after = ended.then(() => {
      running = false
      input.destroy()
    })
    return {
      input,
      ended: after.then(() => ended),
      kill: () => {
        if (running) void this.worker.signal(pid, constants.signals.SIGKILL)
      },
    }
  }

  async close(): Promise<void> {
    await this.worker.close()
    await this.root.close()
  }
}

/** The user id under which programs run. */
export function userOfPrograms(): number {
  const uid = callingUser()
  return uid === 0 ? NOBODY : uid
}

function accountOf(uid: number): Account {
  const found = users().find((user) => user.uid === uid)
  return { username: found?.name ?? String(uid), homedir: found?.home || '/', shell: found?.shell || null }
}
