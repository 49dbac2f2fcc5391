// Steps about programs at the kernel's functions of single calls: the same rows as with those at the tracepoints of all calls.
import { expect } from 'vitest'
import { accountLines, type Seen } from '../helpers/account.js'
import { readRows } from '../helpers/live.js'
import { allSeen, CAPTURE, ended, type Guest, recorded, SKIPPED, type Step, skipped } from './step.js'

export const FILTERED = ['openat', 'connect', 'renameat2', 'sendto', 'clone', 'setuid']

/** Whether the kernel can attach programs to the functions of single calls. */
const hasSingleCalls = ({ release, arch }: Guest) => arch === 'amd64' && !release.startsWith('6.1.')

export const SINGLE_CALLS: readonly Step[] = [
  {
    name: 'single calls',
    short: false,
    // the last lines print how many programs run during 40,000 calls that the capture does not need, once its tracepoint is detached
    run: `for where in calls tracepoints; do
        ksys ${CAPTURE} --attach $where -w $where.ksys 'evt.type in (${FILTERED.join(', ')}) and proc.name=known' -- known
        ksys ${CAPTURE} --attach $where -w refused-$where.ksys evt.type=openat and proc.name=unperformed -- unperformed
      done
      ksys ${CAPTURE} -v -w default.ksys 'evt.type in (${FILTERED.join(', ')}) and proc.name=known' -- known 2>why
      if echo 0 2>/dev/null >/proc/sys/kernel/ftrace_enabled; then
        ksys ${CAPTURE} -v -q evt.type=openat -- true 2>off
        echo 1 >/proc/sys/kernel/ftrace_enabled
      fi
      echo 1 >/proc/sys/kernel/bpf_stats_enabled
      ksys ${CAPTURE} --attach calls -w idle.ksys evt.type=renameat2 & pid=$!
      until [ -s idle.ksys ] || ! kill -0 $pid; do sleep 0.1; done
      runs() { cat /proc/$pid/fdinfo/* 2>/dev/null | awk '/^run_cnt/ { n += $2 } END { print n + 0 }'; }
      until
        before=$(runs)
        dd if=/dev/zero of=/dev/null bs=1 count=20000 2>/dev/null
        added=$(($(runs) - before))
        [ $added -lt 4000 ]
      do sleep 0.1; done
      echo $added programs
      kill -INT $pid; wait $pid`,
    check(l, guest) {
      const said = accountLines(l.said).filter((s) => FILTERED.includes(s.type))
      const tracepoints = recorded(l.file('tracepoints.ksys'), [])
      const possible = hasSingleCalls(guest)
      // known ran for the default, and for each attachment that is possible
      const runs = said.length / (possible ? 3 : 2)
      const chosen = possible && !guest.release.startsWith('6.12.')
      expect(l.text('why')).toMatch(chosen ? /at the wanted calls alone: few kinds/ : /at every call of the machine: /)
      if (!possible) expect(l.stderr).toMatch(/^ksys: --attach calls is not possible: /m)
      else {
        ended(l)
        // 7.3 does not let it be switched off
        if (!chosen) expect(l.text('off')).toContain('programs at single functions are switched off')
        expect(l.stdout).toMatch(/^\d+ programs$/m)
        const calls = recorded(l.file('calls.ksys'), [])
        const kinds = (rows: readonly Seen[]) => rows.map(({ type, ret }) => `${type} ${Number(ret) < 0}`).sort()
        const complete = skipped(l) === 0 && l.text('why').search(SKIPPED) < 0
        if (complete) {
          expect(kinds(calls)).toEqual(kinds(tracepoints))
          expect(kinds(recorded(l.file('default.ksys'), []))).toEqual(kinds(tracepoints))
        }
        allSeen(l, said.slice(0, runs), calls)
        const refused = (where: string) => kinds(recorded(l.file(`refused-${where}.ksys`), []))
        if (complete) expect(refused('calls')).toEqual(refused('tracepoints'))
        const results = recorded(l.file('refused-calls.ksys'), []).map((row) => row.ret)
        expect(results).toEqual(expect.arrayContaining([70, 71, 72, 73, 74, -1]))
      }
      allSeen(l, possible ? said.slice(runs, 2 * runs) : said.slice(0, runs), tracepoints)
    },
  },
  {
    name: 'single calls, options',
    short: false,
    // the attachment that ksys chooses itself, and the tracepoints, with the same options
    run: `echo 'fs.path.name hash' >names.redact
      compare() {
        name=$1; shift
        ksys ${CAPTURE} -v -w $name.ksys "$@" -- known 2>why-$name
        ksys ${CAPTURE} --attach tracepoints -w $name-tracepoints.ksys "$@" -- known
      }
      filter='evt.type in (${FILTERED.join(', ')}) and proc.name=known'
      compare ceiling --max-cpu 100% "$filter"
      compare redacted --redact names.redact "$filter"
      compare container "container.id=host and $filter"
      compare grouped --no-buffers --no-env "$filter"`,
    check(l, guest) {
      for (const name of ['ceiling', 'redacted', 'container', 'grouped']) {
        const chosen = hasSingleCalls(guest) && !guest.release.startsWith('6.12.')
        const why = l.text(`why-${name}`)
        expect(why, name).toMatch(chosen ? /at the wanted calls alone: few kinds/ : /at every call of the machine: /)
        const kinds = (trace: string) =>
          recorded(l.file(trace), [])
            .map(({ type, ret }) => `${type} ${Number(ret) < 0}`)
            .sort()
        const calls = kinds(`${name}.ksys`)
        expect(calls.length, name).toBeGreaterThan(8)
        if (skipped(l) === 0 && why.search(SKIPPED) < 0) expect(calls, name).toEqual(kinds(`${name}-tracepoints.ksys`))
      }
      const names = readRows(l.file('redacted.ksys'), ['fs.path.name'], ['evt.type=openat'])
      expect(names.map((row) => row['fs.path.name']).filter((name) => !/#/.test(String(name)))).toEqual([])
    },
  },
  {
    name: 'rules re-read',
    short: false,
    // a file is opened all the time, while each new rule needs another capture
    run: `
      rules() {
        for type in openat "$@"; do
          echo "- rule: $type"
          echo "  desc: calls of one type"
          echo "  condition: evt.type=$type and fs.path.name startswith /tmp/opened/"
          echo "  output: file %fs.path.name in"
          echo "  priority: INFO"
        done
      }
      mkdir /tmp/opened
      for where in calls tracepoints; do
        rules >rules.yaml
        ksys rules -f rules.yaml ${CAPTURE} --attach $where --no-watch >alerts-$where 2>messages-$where & pid=$!
        until [ -s alerts-$where ] || ! kill -0 $pid; do : >/tmp/opened/0; sleep 0.1; done
        (n=0; until [ -e stop ]; do n=$((n + 1)); : >/tmp/opened/$n; echo $n >last-$where; sleep 0.02; done) & opener=$!
        more=
        for type in mkdirat unlinkat symlinkat; do
          more="$more $type"
          rules $more >rules.yaml
          kill -HUP $pid
          until grep -q "re-read (SIGHUP): $(($(echo $more | wc -w) + 1)) rules" messages-$where || ! kill -0 $pid; do sleep 0.1; done
        done
        sleep 1
        : >stop; wait $opener; rm stop
        until grep -q "/$(cat last-$where) in" alerts-$where || ! kill -0 $pid; do sleep 0.1; done
        kill -INT $pid; wait $pid
      done`,
    check(l, guest) {
      for (const where of hasSingleCalls(guest) ? ['calls', 'tracepoints'] : ['tracepoints']) {
        const alerts = l.text(`alerts-${where}`).matchAll(/opened\/(\d+) in/g)
        const opened = Array.from(alerts, ([, n]) => Number(n)).filter((n) => n > 0)
        const last = Number(l.text(`last-${where}`))
        expect(opened.sort((a, b) => a - b)).toEqual(Array.from({ length: last }, (_, i) => i + 1))
      }
    },
  },
]
