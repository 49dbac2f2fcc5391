// Sends alerts to syslog like syslog(3): datagrams to /dev/log, facility user, severity by priority.
import { getSystemErrorName } from 'node:util'
import { whyNotLoaded } from '../../source/addon-file.js'
import { declareNeeds } from '../../source/later-needs.js'
import { type Native, native } from '../../source/native.js'
import { type Attempt, Backoff, pause } from '../../web/attempt.js'
import { PRIORITIES } from '../rule.js'
import { type Channel, NotSent } from './channel.js'
import type { Formatted } from './output.js'
import { OutputError } from './spec.js'

const SOCKET = '/dev/log'
const LOG_USER = 1 << 3
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
/** shortest and longest ms between attempts to reach an absent server */
const LEAST = 100
const MOST = 5000
/** ms between attempts while the server is slow, and for all attempts to send an alert */
const PAUSE = 5
const PATIENCE = 1000

/** socket: where the syslog server listens. Throws OutputError if the addon cannot be loaded. */
export function openSyslog(socket = SOCKET): Channel {
  declareNeeds({ sockets: [socket] })
  try {
    return new SyslogChannel(native(), socket)
  } catch (e) {
    throw new OutputError(`the output syslog requires ksys's native addon, ${whyNotLoaded(e)}`)
  }
}

class SyslogChannel implements Channel {
  readonly most = 50
  readonly atOnce = 1
  private readonly backoff = new Backoff(LEAST, MOST)

  constructor(
    private readonly addon: Native,
    private readonly socket: string,
  ) {}

  async send(alerts: readonly Formatted[], attempt: Attempt): Promise<void> {
    let lost = 0
    let reason = ''
    for (const alert of alerts) {
      const wrong = await this.sendOne(message(alert, new Date()), attempt)
      if (wrong === undefined) continue
      lost++
      reason = wrong
    }
    if (lost > 0) throw new NotSent(lost, reason)
  }

  /** The reason of a failure; undefined: success. Waits for an absent server until aborted, and for PATIENCE ms for a slow one. */
  private async sendOne(text: string, { abort, trouble }: Attempt): Promise<string | undefined> {
    let slow = 0
    for (;;) {
      const errno = this.addon.sendDatagram(this.socket, text, false)
      if (errno === 0) {
        this.backoff.reset()
        return undefined
      }
      const code = getSystemErrorName(-errno)
      const absent = ABSENT[code]
      const why = absent === undefined ? (WORDS[code] ?? code) : `${absent} at ${this.socket}`
      if (abort.aborted) return why
      if (absent !== undefined) {
        trouble(why)
        await pause(this.backoff.take(), abort)
      } else if (SLOW.has(code) && slow < PATIENCE) {
        slow += PAUSE
        await pause(PAUSE, abort)
      } else return why
    }
  }
}

/** The server may start (again). */
const ABSENT: Readonly<Record<string, string>> = {
  ENOENT: 'no syslog server is listening',
  ECONNREFUSED: 'the syslog server is no longer listening',
}
/** The server's queue is full at present. */
const SLOW = new Set(['EAGAIN', 'ENOBUFS'])
const WORDS: Readonly<Record<string, string>> = {
  EAGAIN: 'the syslog server is too slow',
  ENOBUFS: 'the syslog server is too slow',
  EMSGSIZE: 'the alert is too long for syslog',
  EACCES: 'permission denied',
}

/** A message of RFC 3164. */
function message({ priority, line }: Formatted, at: Date): string {
  const severity = PRIORITIES.indexOf(priority)
  const two = (n: number) => String(n).padStart(2, '0')
  const day = `${MONTHS[at.getMonth()]} ${String(at.getDate()).padStart(2, ' ')}`
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
  return `<${LOG_USER | severity}>${day} ${time} ksys[${process.pid}]: ${line}`
}
