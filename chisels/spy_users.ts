// What people do at their shells.
import { commandText, defineChisel, NO_COLOR, type Thread, userText } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Shows the commands that users run at their shells, and the directories they go to.',
  details:
    'Each line begins with the number of the oldest shell above the command, the time and the user. Commands of shells ' +
    'and scripts that began during the capture are indented below them.',
  category: 'Security',
  args: {
    max_depth: { type: 'int', doc: 'deepest level of shells within shells that is shown', optional: true, default: 20 },
    disable_color: NO_COLOR,
  },
  fields: {
    type: 'evt.type',
    time: 'evt.time.s',
    rawtime: 'evt.rawtime',
    user: 'user.name',
    uid: 'user.uid',
    pid: 'proc.pid',
    shell: 'proc.loginshellid',
    line: 'proc.exeline',
    truncated: 'proc.is_args_truncated',
    dir: 'evt.arg.path',
    cwd: 'proc.cwd',
  },
  filter:
    'evt.failed=false and (evt.type in (execve, execveat) or ' +
    '(evt.type in (chdir, fchdir) and proc.name endswith sh and proc.name != sshd))',
  hooks(c) {
    /** shells that began during the capture, by process number */
    const begun = new Set<number>()
    /** how many shells that began during the capture are from this process upward, its oldest shell not counted */
    const depthOf = (from: Thread | undefined, oldest: number) => {
      let depth = 0
      for (let at = from; at !== undefined && depth <= c.args.max_depth; at = at.parent)
        if (at.pid !== oldest && begun.has(at.pid)) depth++
      return depth
    }
    /** The process is a shell from now on, or none any more. */
    const begin = (pid: number, program: string) => {
      if (isShell(program)) remember(begun, pid)
      else begun.delete(pid)
    }
    const print = (who: string, command: string) =>
      c.print(c.args.disable_color === undefined ? c.paint('green', who) : who, ` ${command}`)
    return {
      event(v, e) {
        const t = e.thread
        const { shell, pid } = v
        if (t === undefined || shell === undefined || pid === undefined) return
        const runs = isExec(v.type)
        const depth = depthOf(runs ? t.leader.parent : t.leader, shell)
        if (runs) begin(pid, t.comm)
        if ((runs && shell === pid) || depth > c.args.max_depth) return
        const user = userText(v.user, v.uid) ?? ''
        const truncated = (runs && v.truncated) || undefined
        const command = commandOf(v, runs)
        if (c.json) c.emit({ time: v.rawtime, shell, user, depth, pid, command, truncated })
        else print(`${' '.repeat(INDENT * depth)}${shell} ${v.time} ${user})`, commandText(command, truncated))
      },
    }
  },
})

const INDENT = 3

/** What was run, or the directory that somebody went to. */
function commandOf(
  v: { readonly line?: string; readonly dir?: unknown; readonly cwd?: string },
  runs: boolean,
): string {
  return runs ? (v.line ?? '') : `cd ${v.dir ?? v.cwd ?? ''}`
}

/** Shells remembered; their numbers come round again long before this many are alive. */
const MAX_SHELLS = 65536

function isExec(type: string | undefined): boolean {
  return type === 'execve' || type === 'execveat'
}

function isShell(name: string): boolean {
  return name.endsWith('sh') && name !== 'sshd'
}

function remember(shells: Set<number>, pid: number): void {
  if (shells.size >= MAX_SHELLS) shells.clear()
  shells.add(pid)
}
