// The kinds of outputs. To add one: its entry here, its name in spec.ts, and a file with its channel.
import { shownUrl } from '../../web/url.js'
import type { Channel, OutputContext } from './channel.js'
import type { OutputKind, OutputSpec } from './spec.js'

export interface OutputKindDef {
  /** what its target is, a word for people; undefined: it has none */
  readonly target: string | undefined
  /** its target as it may be shown, where something in it is secret */
  readonly shown?: (target: string) => string
  /** alerts that may wait unless another number is chosen; undefined: the usual number */
  readonly capacity?: number
  /**
   * Opens it, while ksys has all its privileges. Rejects with OutputError where it is asked for what cannot be; a receiver that is
   * not there at present is no such.
   */
  readonly open: (spec: OutputSpec, context: OutputContext) => Promise<Channel>
}

export const OUTPUT_KINDS: Readonly<Record<OutputKind, OutputKindDef>> = {
  stdout: {
    target: undefined,
    // within one batch of events there may be very many
    capacity: 100_000,
    open: async (_, context) => new (await import('./stdout.js')).StdoutChannel(context.write),
  },
  file: {
    target: 'PATH',
    open: async (spec) => (await import('./file.js')).openFile(spec.target as string),
  },
  syslog: {
    target: undefined,
    open: async () => (await import('./syslog.js')).openSyslog(),
  },
  program: {
    target: 'COMMAND',
    shown: (target) => target.trim().replace(/\s.*$/s, ' ...'),
    open: async (spec) => (await import('./program.js')).openProgram(spec),
  },
  http: {
    target: 'URL',
    shown: shownUrl,
    open: async (spec, context) => (await import('./http.js')).openHttp(spec, context),
  },
}

/** How outputs are written, for people: stdout, file=PATH ... */
export const OUTPUT_FORMS = Object.entries(OUTPUT_KINDS).map(([kind, { target }]) =>
  target === undefined ? kind : `${kind}=${target}`,
)
