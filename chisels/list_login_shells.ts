// The login shells below which commands are run.
import { containerOf, defineChisel } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Lists the ids of the login shells that commands are run in.',
  details:
    'They are shown at the end (Ctrl-C, live), each once. An id is that of the oldest shell above a command: ' +
    'ksys -c spy_users proc.loginshellid=ID shows what is done there. With -pc the container stands behind it.',
  category: 'Security',
  args: {
    command: {
      type: 'string',
      doc: 'only shells with a command that has this in its name; * is any command',
      optional: true,
      default: '*',
    },
    arguments: { type: 'string', doc: 'only shells with a command that has this in its arguments', optional: true },
  },
  fields: ({ containers }) => (containers ? WITH_CONTAINER : FIELDS),
  filter: 'evt.type in (execve, execveat)',
  hooks(c) {
    const { command, arguments: wanted = '' } = c.args
    const part = command === '*' ? '' : command
    /** what is shown of each shell, by its id */
    const shells = new Map<number, string>()
    return {
      event(v) {
        const { shell, exe = '', args = '' } = v
        if (shell === undefined || shell <= 0 || !exe.includes(part) || !args.includes(wanted)) return
        const container = containerOf(v)
        shells.set(shell, container === undefined ? '' : container)
      },
      end() {
        const sorted = [...shells].sort(([a], [b]) => a - b)
        if (c.json) {
          for (const [shell, container] of sorted) c.emit({ shell, ...(c.containers ? { container } : {}) })
          return
        }
        c.print(part === '' ? 'All shells:' : `Shells containing ${part}:`)
        for (const [shell, container] of sorted) c.print(container === '' ? `${shell}` : `${shell} ${container}`)
      },
    }
  },
})

const FIELDS = {
  shell: 'proc.loginshellid',
  exe: 'evt.arg.exe',
  args: 'evt.arg.args',
} as const
const WITH_CONTAINER = { ...FIELDS, container: 'container.name' } as const
